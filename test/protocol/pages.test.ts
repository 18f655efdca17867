/** Error -32042 of 2025-11-25 for clients of 2026-07-28 (overview section, "Error Codes"). */
import { describe, expect, it } from 'vitest';
import { modernPages } from '../../main/protocol/pages.ts';

const PAGE = { mode: 'url', url: 'https://example.com', message: 'Go there', elicitationId: 'e1', n: 1 };
const error = (code: number, data: unknown): Buffer =>
  Buffer.from(JSON.stringify({ code, message: 'm', ...(data === undefined ? {} : { data }) }));
const able = { elicitation: { url: {} } };

describe('pages that a server needs the user to open', () => {
  it('become questions, after which the client calls again', () => {
    const found = modernPages(error(-32042, { elicitations: [PAGE, PAGE] }), able);
    expect(found).toHaveProperty('result');
    const { result } = found as { result: Buffer };
    expect(JSON.parse(result.toString())).toEqual({
      resultType: 'input_required',
      inputRequests: {
        'page-1': { method: 'elicitation/create', params: PAGE },
        'page-2': { method: 'elicitation/create', params: PAGE },
      },
    });
  });

  it.each([{}, { elicitation: {} }, { elicitation: { form: {} } }, { elicitation: null }])(
    'are refused to clients that cannot: %j',
    (capabilities) => {
      const found = modernPages(error(-32042, { elicitations: [PAGE] }), capabilities);
      const { error: refused } = found as { error: Buffer };
      expect(JSON.parse(refused.toString())).toMatchObject({
        code: -32021,
        data: { requiredCapabilities: { elicitation: { url: {} } } },
      });
    },
  );

  it.each([
    [-32043, { elicitations: [PAGE] }],
    [-32042, undefined],
    [-32042, { elicitations: [] }],
    [-32042, { elicitations: 'x -32042' }],
    [-32602, { text: '-32042', elicitations: [PAGE] }],
  ])('are nothing else: %i %j', (code, data) => {
    expect(modernPages(error(code, data), able)).toBeNull();
  });
});
