/** Rules about the shape of a text: its length, gaps that push a part out of sight, marks that imitate messages. Linear; pure. */
import type { Mark } from './concealed.ts';
import { inWords, quotation, quote } from './evidence.ts';

/** Units from which a text is longer than anybody reads, and from which that is suspicious by itself. */
const LONG = 8_000;
const VERY_LONG = 24_000;
/** White space in a row, and lines in a row with next to nothing on them, that push what follows out of sight. */
const GAP = 200;
const LINES = 30;

/** Marks that only messages to a model have, and how bad each is. */
const MARKUP: readonly (readonly [string, Mark['severity']])[] = [
  ['<|im_start|>', 'high'],
  ['<|im_end|>', 'high'],
  ['<|system|>', 'high'],
  ['<|user|>', 'high'],
  ['<|assistant|>', 'high'],
  ['<|endoftext|>', 'high'],
  ['<|start_header_id|>', 'high'],
  ['<|eot_id|>', 'high'],
  ['[inst]', 'high'],
  ['[/inst]', 'high'],
  ['<<sys>>', 'high'],
  ['<start_of_turn>', 'high'],
  ['<system>', 'high'],
  ['</system>', 'high'],
  ['<system-reminder', 'high'],
  ['<system_prompt', 'high'],
  ['<system-prompt', 'high'],
  ['<tool_result', 'high'],
  ['<tool_response', 'high'],
  ['<function_result', 'high'],
  ['<function_calls', 'high'],
  ['<assistant>', 'high'],
  ['<human>', 'high'],
  ['<admin>', 'high'],
  ['<hidden>', 'high'],
  ['<secret>', 'high'],
  ['<important>', 'medium'],
  ['<critical>', 'medium'],
  ['<instructions>', 'medium'],
  ['<instruction>', 'medium'],
  ['### system', 'medium'],
  ['### new system', 'high'],
  ['### instruction', 'medium'],
  ['### new instruction', 'high'],
  ['begin system prompt', 'high'],
  ['[system]', 'medium'],
  ['[system message]', 'high'],
  ['system override', 'high'],
];
/** What begins a line of a written conversation. */
const SPEAKERS: readonly (readonly [string, Mark['severity']])[] = [
  ['system:', 'high'],
  ['human:', 'medium'],
  ['assistant:', 'medium'],
  ['user:', 'low'],
  ['note to assistant', 'medium'],
  ['note to the assistant', 'medium'],
  ['note to ai', 'medium'],
  ['note to model', 'medium'],
  ['note to the model', 'medium'],
  ['attention ai', 'medium'],
  ['ai:', 'low'],
  ['llm:', 'medium'],
];

/** What the shape of a text gives away. */
export function layoutIn(text: string): Mark[] {
  const marks: Mark[] = [];
  const gap = gapIn(text);
  if (gap !== null) {
    marks.push({
      rule: 'text.pushed',
      severity: 'high',
      start: gap.start,
      end: gap.end,
      ...inWords('pushed', {
        count: gap.end - gap.start,
        quote: quote(text, gap.end, Math.min(text.length, gap.end + 80)),
      }),
    });
  }
  if (text.length > LONG) {
    marks.push({
      rule: 'text.long',
      severity: text.length > VERY_LONG ? 'medium' : 'low',
      start: LONG,
      end: text.length,
      ...inWords('long', { count: text.length }),
    });
  }
  const low = text.toLowerCase();
  let worst: Mark | null = null;
  const offer = (severity: Mark['severity'], start: number, length: number): void => {
    if (worst !== null && (worst.severity === 'high' || severity !== 'high')) return;
    const end = start + length;
    worst = { rule: 'model.markup', severity, start, end, ...quotation(text, start, end) };
  };
  const marked = text.includes('<') || text.includes('[') || text.includes('#') || low.includes('system');
  for (const [piece, severity] of marked ? MARKUP : []) {
    const at = low.indexOf(piece);
    if (at >= 0) offer(severity, at, piece.length);
  }
  const spoken = text.includes(':') || low.includes('note to');
  for (const [piece, severity] of spoken || low.includes('attention') ? SPEAKERS : []) {
    for (
      let at = low.indexOf(piece), tried = 0;
      at >= 0 && tried < 50;
      at = low.indexOf(piece, at + 1), tried += 1
    ) {
      if (!startsLine(low, at)) continue;
      offer(severity, at, piece.length);
      break;
    }
  }
  if (worst !== null) marks.push(worst);
  const written = low.search(/\\(?:u001b|x1b|033|e)\[/);
  if (written >= 0) {
    marks.push({
      rule: 'text.control',
      severity: 'medium',
      start: written,
      end: written + 6,
      ...inWords('terminal', { quote: quote(text, written, written + 6) }),
    });
  }
  return marks;
}

function startsLine(text: string, at: number): boolean {
  let back = at - 1;
  while (back >= 0 && (text[back] === ' ' || text[back] === '(' || text[back] === '[' || text[back] === '#'))
    back -= 1;
  return back < 0 || text[back] === '\n' || (text[back] === '.' && text[at - 1] === ' ');
}

/** The first long run of white space, or of lines with at most three signs, with more behind it. */
function gapIn(text: string): { start: number; end: number } | null {
  let run = 0;
  let lines = 0;
  let onLine = 0;
  let linesFrom = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const line = code === 0x0a || code === 0x2028 || code === 0x2029;
    const white =
      line ||
      code === 0x20 ||
      code === 0x09 ||
      code === 0x0d ||
      code === 0xa0 ||
      (code >= 0x2000 && code <= 0x200a) ||
      code === 0x3000;
    if (line) {
      if (onLine <= 3) {
        if (lines === 0) linesFrom = at;
        lines += 1;
      } else lines = 0;
      onLine = 0;
    } else if (!white) {
      onLine += 1;
      if (onLine > 3) {
        if (lines >= LINES) return { start: linesFrom, end: at - 3 };
        lines = 0;
      }
    }
    if (white) run += 1;
    else {
      if (run >= GAP) return { start: at - run, end: at };
      run = 0;
    }
  }
  return null;
}
