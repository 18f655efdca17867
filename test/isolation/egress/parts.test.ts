import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerTo, questionOf } from '../../../main/isolation/egress/dns.ts';
import { createReportFilter } from '../../../main/isolation/egress/filter.ts';
import { createReached } from '../../../main/isolation/egress/reached.ts';
import { permits, readRule } from '../../../main/isolation/egress/rules.ts';
import { sniff } from '../../../main/isolation/egress/sniff.ts';
import type { Report } from '../../../main/isolation/egress/wire.ts';
import { createPublicCheck } from '../../../main/protocol/public-addresses.ts';

describe('rules', () => {
  it.each([
    ['Api.Example.com', 'api.example.com', null],
    ['api.example.com.', 'api.example.com', null],
    ['https://api.example.com/v1/x', 'api.example.com', 443],
    ['http://api.example.com:8080/', 'api.example.com', 8080],
    ['*.example.com:5432', '*.example.com', 5432],
    ['10.0.0.7:5432', '10.0.0.7', 5432],
  ])('reads %s', (written, host, port) => {
    expect(readRule(written)).toEqual({ host, port });
  });

  const rules = ['a.example', '*.b.example', 'c.example:5432'].map(readRule);
  it.each([
    ['a.example', 443, true],
    ['A.EXAMPLE.', 80, true],
    ['a.example', 22, false],
    ['x.a.example', 443, false],
    ['xa.example', 443, false],
    ['x.b.example', 443, true],
    ['y.x.b.example', 443, true],
    ['b.example', 443, false],
    ['xb.example', 443, false],
    ['c.example', 5432, true],
    ['c.example', 443, false],
    ['a.example.evil', 443, false],
    ['', 443, false],
  ])('permit %s:%i: %s', (host, port, wanted) => {
    expect(permits(rules, host, port)).toBe(wanted);
  });
});

describe('addresses', () => {
  const isPublic = createPublicCheck();
  it.each([
    ...['127.0.0.1', '127.9.9.9', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...['169.254.169.254', '100.64.0.1', '224.0.0.1', '255.255.255.255', '198.18.0.1', '192.0.2.1'],
    ...['::1', '::', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
    ...['::ffff:a9fe:a9fe', '64:ff9b::a9fe:a9fe', '2002:7f00:1::', '::127.0.0.1', '2001:db8::1'],
    ...['localhost', '0x7f.1', '2130706433', '127.1', ''],
  ])('%s is not public', (address) => {
    expect(isPublic(address)).toBe(false);
  });
  it.each(['1.1.1.1', '93.184.216.34', '172.32.0.1', '2606:4700::1111', '::ffff:1.1.1.1'])(
    '%s is public',
    (address) => {
      expect(isPublic(address)).toBe(true);
    },
  );
});

/** A query as resolvers send it. */
function query(name: string, type = 1): Buffer {
  const header = Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  return Buffer.concat([header, Buffer.from([...labels, 0, 0, type, 0, 1])]);
}

describe('dns', () => {
  it('answers permitted names with the proxy, others with "no such name"', () => {
    const asked = query('Api.Example.com');
    const question = questionOf(asked);
    expect(question).toEqual({ name: 'api.example.com', type: 1 });
    if (question === null) return;
    const yes = answerTo(asked, question, '10.1.2.3');
    expect([yes.readUInt16BE(0), yes.readUInt16BE(2) & 0x800f, yes.readUInt16BE(6)]).toEqual([
      0x1234, 0x8000, 1,
    ]);
    expect([...yes.subarray(-4)]).toEqual([10, 1, 2, 3]);
    const no = answerTo(asked, question, null);
    expect([no.readUInt16BE(2) & 0xf, no.readUInt16BE(6)]).toEqual([3, 0]);
  });

  it('has no addresses of other kinds, so that nothing goes around the proxy', () => {
    const asked = query('a.example', 28);
    const question = questionOf(asked);
    if (question === null) throw new Error('not read');
    const answer = answerTo(asked, question, '10.1.2.3');
    expect([answer.readUInt16BE(2) & 0xf, answer.readUInt16BE(6)]).toEqual([0, 0]);
  });

  it('takes any bytes without falling over', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const asked = Buffer.from(bytes);
        const question = questionOf(asked);
        if (question !== null) answerTo(asked, question, '1.2.3.4');
      }),
    );
    const valid = query('a.example');
    for (let cut = 0; cut < valid.length; cut++) expect(questionOf(valid.subarray(0, cut))).toBeNull();
  });
});

describe('sniff', () => {
  const text = (lines: string[]) => sniff(Buffer.from(`${lines.join('\r\n')}\r\n\r\nrest`));

  it.each([
    ['behind a line feed alone', ['GET / HTTP/1.1', 'Host: a.example', 'X: y\nHost: b.example']],
    ['behind a carriage return alone', ['GET / HTTP/1.1', 'Host: a.example', 'X: y\rHost: b.example']],
    ['behind a space', ['GET / HTTP/1.1', 'Host: a.example', ' Host: b.example']],
    ['before a space', ['GET / HTTP/1.1', 'Host: a.example', 'Host : b.example']],
    ['in its target', ['GET https://b.example/ HTTP/1.1', 'Host: a.example']],
    ['in its target, without a scheme', ['GET b.example/ HTTP/1.1', 'Host: a.example']],
  ])('takes no request in which a second host hides %s', (_where, lines) => {
    expect(text(lines).kind).toBe('other');
  });

  it('takes fields of any value that stays on its line', () => {
    expect(text(['OPTIONS * HTTP/1.1', 'Host: a.example', "x-!#$%&'*+.^`|~: \té;:", 'X:']).kind).toBe('http');
  });

  it('a CONNECT', () => {
    expect(text(['CONNECT a.example:443 HTTP/1.1', 'Host: other'])).toEqual({
      ...{ kind: 'connect', host: 'a.example', port: 443, length: 47 },
    });
    expect(text(['CONNECT [2606::1]:443 HTTP/1.1'])).toMatchObject({ host: '2606::1' });
    expect(text(['CONNECT a.example HTTP/1.1']).kind).toBe('other');
    expect(text(['CONNECT x@a.example:443 HTTP/1.1']).kind).toBe('other');
  });

  it('a request to a proxy becomes one to the host, without what is for the proxy alone', () => {
    const found = text([
      'GET http://a.example:81/x?y HTTP/1.1',
      'Host: b.example',
      'Proxy-Authorization: secret',
      'X: 1',
    ]);
    expect(found).toMatchObject({ kind: 'http', host: 'a.example', port: 81 });
    if (found.kind !== 'http') return;
    expect(found.head.toString().split('\r\n')).toEqual([
      ...['GET /x?y HTTP/1.1', 'Host: a.example:81', 'X: 1', 'Connection: close', '', ''],
    ]);
  });

  it('a request with two hosts means nothing', () => {
    expect(text(['GET / HTTP/1.1', 'Host: a.example', 'Host: b.example']).kind).toBe('other');
    expect(text(['GET / HTTP/1.1', 'Host: a.example']).kind).toBe('http');
  });

  it('waits for the rest, but not for ever', () => {
    expect(sniff(Buffer.from('GET / HT')).kind).toBe('more');
    expect(sniff(Buffer.from(`GET / HTTP/1.1\r\nX: ${'x'.repeat(40_000)}`)).kind).toBe('other');
    expect(sniff(Buffer.from('SSH-2.0-x\r\n')).kind).toBe('other');
    expect(sniff(Buffer.from([0x16, 3, 1])).kind).toBe('more');
  });

  it('takes any bytes without falling over', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        sniff(Buffer.from(bytes));
        sniff(
          Buffer.concat([
            Buffer.from([0x16, 3, 1, 0, bytes.length, 1, 0, 0, bytes.length]),
            Buffer.from(bytes),
          ]),
        );
      }),
    );
  });
});

describe('what is told', () => {
  const host = (name: string, refused: 'not-listed' | null = null): Extract<Report, { kind: 'host' }> => ({
    ...{ kind: 'host', server: 's', host: name, port: 443, refused },
  });

  it('the same host once a second, all of one server a hundred times', () => {
    let now = 0;
    const told: Report[] = [];
    const report = createReportFilter(
      () => now,
      (one) => told.push(one),
    );
    for (let i = 0; i < 10; i++) report(host('a'));
    expect(told).toHaveLength(1);
    now = 2_000;
    for (let i = 0; i < 1_000; i++) report(host(`h${i}`));
    expect(told).toHaveLength(101);
    now = 4_000;
    report(host('a'));
    expect(told).toHaveLength(102);
  });

  it('is kept within a bound, newest first, and becomes a proposal', () => {
    const reached = createReached();
    for (let i = 0; i < 500; i++) reached.note(host(`h${i}`, 'not-listed'), i);
    expect(reached.of('s')).toHaveLength(200);
    expect(reached.of('s')[0]).toMatchObject({ host: 'h499', count: 1, last: 499 });
    reached.note(host('b'), 600);
    reached.note(host('b'), 601);
    reached.note({ ...host('db'), port: 5432 }, 602);
    expect(reached.of('s')[1]).toMatchObject({ host: 'b', count: 2, last: 601 });
    expect(reached.proposal('s')).toEqual(['b', 'db:5432']);
    expect(reached.of('other')).toEqual([]);
  });
});
