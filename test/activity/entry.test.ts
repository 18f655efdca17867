import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeCode, timeOfCode } from '../../main/activity/columns.ts';
import { type ActivityEntry, type Facet, rowOf } from '../../main/activity/entry.ts';
import { exportHead, exportLine } from '../../main/activity/export.ts';
import { createFacets, roughIdOf } from '../../main/activity/facets.ts';
import { Packer } from '../../main/activity/packer.ts';
import { type NewEntry, Unpacker } from '../../main/activity/unpack.ts';
import { createRedactor } from '../../main/protocol/redact.ts';
import type { ActivityRow } from '../../preload/views/activity.ts';
import { answer, call, request, stored } from './entries.ts';

const redact = createRedactor();

/** One call through both sides of the way to the log. */
function through(
  entry: ActivityEntry,
  asked: Buffer | null = null,
  answered: Buffer | null = null,
): { row: NewEntry; facet: Facet } {
  const packer = new Packer();
  const facets = createFacets([]);
  packer.add(entry, asked, answered, 0);
  const packet = packer.take();
  if (packet === null) throw new Error('nothing was taken');
  const facetId = (facet: Facet) => roughIdOf(facets, facet);
  const [row] = new Unpacker().unpack(packet, { facetId, redact, requests: true, responses: true });
  if (row === undefined) throw new Error('nothing came out');
  return { row, facet: facets.get(row.facet) };
}

describe('an entry', () => {
  it('becomes the row of the contract, field by field', () => {
    const { row, facet } = through(
      call({ clientName: 'Claude', errorCode: 'upstream.gone', outcome: 'error', approval: 'once' }),
    );
    const shown: ActivityRow = rowOf({ ...row, id: 7 }, facet);
    expect(shown).toEqual({
      id: 7,
      at: 1_700_000_000_000,
      kind: 'call',
      client: 'claude-desktop',
      clientName: 'Claude',
      session: '5f0c2a54-3f0e-4f0e-9a53-0c1f6a1f2b3d',
      server: 'files',
      tool: 'read_text_file',
      action: 'tools/call',
      outcome: 'error',
      errorCode: 'upstream.gone',
      approval: 'once',
      durationMs: 12,
      requestBytes: 180,
      responseBytes: 2_048,
    });
  });

  it('has what its client calls itself beside who it is, cut and without secrets, as part of no facet', () => {
    const of = (clientName: string | null) => {
      const { row, facet } = through(call({ session: 's', clientName }));
      return { facet, shown: rowOf({ ...row, id: 1 }, facet) };
    };
    const shown = (clientName: string | null) => of(clientName).shown.clientName;
    expect(shown(null)).toBeNull();
    expect(shown('')).toBeNull();
    expect(shown('a\nb\0c')).toBe('a b c');
    expect(shown('x'.repeat(5_000))).toHaveLength(200);
    expect(shown(`Bearer ghp_${'a1B2'.repeat(9)}`)).not.toContain('ghp_');
    expect(of('a\nb').shown.session).toBe('s');
    expect(of('one').facet).toEqual(of('another').facet);
  });

  it('has whole numbers from 0, whatever it is told', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (durationMs, at) => {
        const { row } = through(call({ durationMs, at }));
        expect(Number.isSafeInteger(row.durationMs) && row.durationMs >= 0).toBe(true);
        expect(Number.isSafeInteger(row.at) && row.at >= 0).toBe(true);
      }),
    );
    expect(through(call({ durationMs: 12.6 })).row.durationMs).toBe(13);
  });

  it('is cut where a target is as long as a picture', () => {
    const { row } = through(call({ method: 'resources/read', tool: `notes: ${'word '.repeat(1_000_000)}` }));
    expect(row.target).toHaveLength(512);
    expect(row.target?.endsWith('…')).toBe(true);
  });

  it('has no secret in its address', () => {
    const { row } = through(
      call({ method: 'resources/read', tool: 'https://u:hunter2@x.example/a?token=hunter2' }),
    );
    expect(row.target).not.toContain('hunter2');
  });

  it('has the arguments and the result of its messages, also of odd ones', () => {
    const details = (asked: Buffer | null, answered: Buffer | null) =>
      through(call(), asked, answered).row.details;
    expect(details(request({ a: 1 }), answer('yes'))).toMatchObject({
      request: '{"a":1}',
      response: '{"content":[{"type":"text","text":"yes"}]}',
    });
    expect(
      details(Buffer.from('{"method":"x","params":{"uri":"a:b"},"id":1,"jsonrpc":"2.0"}'), null)?.request,
    ).toBe('{"uri":"a:b"}');
    expect(
      details(null, Buffer.from('{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}'))?.response,
    ).toBe('{"code":-1,"message":"no"}');
    expect(details(Buffer.from('{"id":1'), Buffer.from('\xff\xfe'))?.request).toBe('{"id":1');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(details(Buffer.from(bytes), Buffer.from(bytes))).not.toBeNull();
      }),
    );
  });

  it('keeps each call with its own messages, however many share a packet', () => {
    const packer = new Packer();
    for (let index = 0; index < 200; index += 1) {
      packer.add(
        call({ session: `s${index % 7}` }),
        index % 3 === 0 ? null : request({ index, pad: 'x'.repeat(index * 10) }),
        index % 5 === 0 ? answer(`${index}`) : null,
        0,
      );
    }
    const packet = packer.take();
    const rows =
      packet === null
        ? []
        : new Unpacker().unpack(packet, {
            facetId: () => ({ id: 1, whole: true }),
            redact,
            requests: true,
            responses: true,
          });
    expect(rows).toHaveLength(200);
    for (const [index, row] of rows.entries()) {
      expect(row.session).toBe(`s${index % 7}`);
      if (index % 3 !== 0) expect(row.details?.request).toContain(`{"index":${index},`);
      if (index % 5 === 0) expect(row.details?.response).toContain(`"${index}"`);
      if (index % 3 === 0 && index % 5 !== 0) expect(row.details).toBeNull();
    }
  });
});

describe('facets', () => {
  const facet = (tool: string): Facet => ({
    kind: 'call',
    client: 'c',
    server: 's',
    tool,
    action: 'tools/call',
    outcome: 'ok',
    error: '',
    approval: '',
  });

  it('keep the numbers that the file knows and give out free ones', () => {
    const facets = createFacets([
      [2, facet('a')],
      [9, facet('b')],
    ]);
    expect(facets.idOf(facet('a'))).toBe(2);
    expect(facets.unsaved()).toEqual([]);
    expect(facets.idOf(facet('c'))).toBe(1);
    expect(facets.idOf(facet('c'))).toBe(1);
    expect(facets.idOf(facet('d'))).toBe(3);
    expect(facets.unsaved().map(([id]) => id)).toEqual([1, 3]);
    facets.saved(1);
    expect(facets.unsaved().map(([id]) => id)).toEqual([3]);
    expect(facets.get(3)).toEqual(facet('d'));
  });

  it('stay few, whatever a server calls its tools: then the rows have the names', () => {
    const facets = createFacets([]);
    for (let index = 0; index < 20_000; index += 1) facets.idOf(facet(`t${index}`));
    const { id, whole } = roughIdOf(facets, facet('one more'));
    expect(whole).toBe(false);
    expect(facets.get(id)).toEqual(facet(''));
  });
});

it('times in 16 bits are exact to a thousandth', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400_000_000 }), (ms) => {
      const back = timeOfCode(timeCode(ms));
      expect(back).toBeLessThanOrEqual(ms);
      expect(ms - back).toBeLessThanOrEqual(ms < 10_000 ? 0 : ms < 10_000_000 ? ms / 999 : 60_000);
    }),
  );
  expect(timeCode(Number.MAX_SAFE_INTEGER)).toBe(65_535);
});

describe('an exported row', () => {
  const row = (request: string) => ({
    ...rowOf({ ...stored(), id: 1 }, {
      kind: 'call',
      client: 'c',
      server: 's',
      tool: '=cmd|calc',
      action: 'tools/call',
      outcome: 'ok',
      error: '',
      approval: '',
    } as const),
    ...({
      details: 'kept',
      request,
      response: null,
      hidden: 0,
      requestCut: false,
      responseCut: false,
    } as const),
  });

  it('is one line of JSON', () => {
    const line = exportLine('jsonl', row('{"a":"b\nc"}'));
    expect(line.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(line)).toMatchObject({
      id: 1,
      tool: '=cmd|calc',
      request: '{"a":"b\nc"}',
      time: '2023-11-14T22:13:20.000Z',
    });
  });

  it('is no formula in a spreadsheet', () => {
    for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\r=1', '|calc']) {
      const cells = exportLine('csv', row(text));
      expect(cells).toContain(`'${text}`);
    }
    expect(exportLine('csv', row('a,"b"\nc'))).toContain('"a,""b""\nc"');
    expect(exportLine('csv', row('plain')).split(',')).toHaveLength(exportHead('csv').split(',').length);
  });
});
