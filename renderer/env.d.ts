/** What the preload script gives to the page. */
import type { ApiTransport } from '../preload/contract.ts';

declare global {
  interface Window {
    /** The way to the core; missing when the page is opened outside the app. */
    readonly gatehouse?: ApiTransport;
  }
}
