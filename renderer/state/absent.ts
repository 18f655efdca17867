/** Stands in for the bridge where there is none, so that the page says what is wrong instead of staying empty. */
import type { ApiTransport } from '../../preload/contract.ts';

export const absentTransport: ApiTransport = {
  async invoke() {
    throw new Error('this page was opened outside Gatehouse');
  },
  on: () => () => {},
};
