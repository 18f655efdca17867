/** One terminal, by a shell and a clock of the test: what is held back, what is given again, and when it ends by itself. */
import { describe, expect, it } from 'vitest';
import { sessionIn } from '../../main/terminal/end-session.ts';
import type { Pty } from '../../main/terminal/ports.ts';
import { openSession, type TerminalPiece } from '../../main/terminal/session.ts';
import { shellOf } from '../../main/terminal-room.ts';
import { manualClock } from '../fakes/manual-clock.ts';

/** Milliseconds between two answers. */
const FRAME = 16;

function setup() {
  const clock = manualClock();
  const owner = new AbortController();
  const done = { typed: '', closed: 0, held: false };
  let heard: (bytes: Buffer) => void = () => undefined;
  let exit: (code: number | null) => void = () => undefined;
  const exited = new Promise<number | null>((resolve) => {
    exit = resolve;
  });
  const pty: Pty = {
    onData: (listener) => {
      heard = listener;
    },
    pause: () => {
      done.held = true;
    },
    resume: () => {
      done.held = false;
    },
    write: (bytes) => {
      done.typed += bytes.toString();
      return true;
    },
    resize: async () => undefined,
    exited,
    async close() {
      done.closed += 1;
      exit(null);
    },
  };
  const session = openSession(pty, owner.signal, clock);
  /** What it has now, a frame later than what was asked for before. */
  const take = (from: number): Promise<TerminalPiece> => {
    clock.advance(FRAME);
    return session.output(from);
  };
  return {
    clock,
    owner,
    done,
    session,
    take,
    exit,
    write: (text: string | Buffer) => heard(Buffer.from(text)),
  };
}

describe('a terminal', () => {
  it('holds its shell back while too much waits, and lets it go on when that was taken', async () => {
    const { take, write, done } = setup();
    write('x'.repeat(256 * 1024));
    expect(done.held).toBe(false);
    write('y');
    expect(done.held).toBe(true);
    let from = 0;
    let whole = '';
    for (let i = 0; i < 4; i += 1) {
      const piece = await take(from);
      expect(piece.text.length).toBeLessThanOrEqual(64 * 1024);
      whole += piece.text;
      from = piece.next;
    }
    expect(done.held).toBe(true);
    whole += (await take(from)).text;
    expect(done.held).toBe(false);
    expect(whole).toBe(`${'x'.repeat(256 * 1024)}y`);
  });

  it('gives again what was asked for twice, and never what was said to have come', async () => {
    const { take, write } = setup();
    write('one');
    expect((await take(0)).text).toBe('one');
    write('two');
    expect((await take(0)).text).toBe('onetwo');
    expect(await take(3)).toEqual({ text: 'two', next: 6, ended: null });
    expect(await take(0)).toEqual({ text: 'two', next: 6, ended: null });
  });

  it('cuts no character in two, neither as bytes nor as halves', async () => {
    const { take, write } = setup();
    const castle = Buffer.from('🏰');
    write(castle.subarray(0, 3));
    write(castle.subarray(3));
    expect((await take(0)).text).toBe('🏰');
    write(`${'x'.repeat(64 * 1024 - 1)}🏰`);
    const first = await take(2);
    expect(first.text).toHaveLength(64 * 1024 - 1);
    expect((await take(first.next)).text).toBe('🏰');
  });

  it('tells its end after the last words', async () => {
    const { session, take, write, exit } = setup();
    write('x'.repeat(64 * 1024));
    write('last');
    exit(3);
    await session.over;
    const first = await take(0);
    expect(first.ended).toBeNull();
    expect(await take(first.next)).toMatchObject({
      text: 'last',
      ended: { how: 'exited', code: 3 },
    });
  });

  it('is taken from by the frame, not by the letter, and at once after a pause', async () => {
    const { session, take, write, clock } = setup();
    write('a');
    let { next } = await take(0);
    const texts: string[] = [];
    for (let frame = 0; frame < 3; frame += 1) {
      write('b');
      const asked = session.output(next).then((piece) => {
        texts.push(piece.text);
        return piece;
      });
      clock.advance(FRAME - 1);
      write('c');
      await Promise.resolve();
      expect(texts).toHaveLength(frame);
      clock.advance(1);
      ({ next } = await asked);
    }
    expect(texts).toEqual(['bc', 'bc', 'bc']);
    clock.advance(FRAME);
    write('d');
    expect((await session.output(next)).text).toBe('d');
  });

  it('ends when nobody asks for a minute, however much is typed', async () => {
    const { session, clock } = setup();
    const asked = session.output(0);
    clock.advance(15_000);
    expect(await asked).toMatchObject({ text: '', ended: null });
    clock.advance(59_000);
    session.input('x');
    clock.advance(2_000);
    expect(await session.over).toBe('left');
  });

  it('ends when nobody types for half an hour, however often it is asked', async () => {
    const { session, clock, write } = setup();
    for (let times = 0; times < 36; times += 1) {
      write('.');
      await session.output(times);
      clock.advance(times === 35 ? 50_000 - 1 : 50_000);
    }
    clock.advance(1);
    expect(await session.over).toBe('idle');
  });

  it('ends with its owner, once', async () => {
    const { session, owner, done } = setup();
    owner.abort();
    expect(await session.over).toBe('left');
    await session.close('closed');
    expect(done.closed).toBeLessThanOrEqual(2);
    expect((await session.output(0)).ended).toEqual({ how: 'left', code: null });
  });
});

describe('the parts of it', () => {
  it('finds the session of a process whose name is made to mislead', () => {
    expect(sessionIn('42 (a) S 1 2 3) S 7 42 41 34816 42 4194304')).toBe(41);
    expect(sessionIn('42 (sh) Z 7 42 41 0')).toBeNull();
    expect(sessionIn('')).toBeNull();
  });

  it('takes the shell of the user where it is one', () => {
    expect(shellOf('linux', { SHELL: '/usr/bin/fish' })).toEqual({ file: '/usr/bin/fish', args: ['-l'] });
    expect(shellOf('darwin', { SHELL: 'fish' }).file).toBe('/bin/sh');
    expect(shellOf('win32', { SHELL: '/bin/sh' }).file).toBe('powershell.exe');
  });
});
