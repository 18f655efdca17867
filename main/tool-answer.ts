/**
 * A tool's answer as a screen may show it: bounded, images only where their bytes are what they claim to be and unpack to
 * a bearable size, everything else as text. Whatever a hostile server answers, it stays in its box. Pure.
 */
import type { AnswerPart, TrialError, TrialView } from '../preload/views/trying.ts';
import { memberOf } from './protocol/members.ts';
import { prettyJson } from './protocol/pretty.ts';
import { rasterOf } from './protocol/raster.ts';
import { scanMessage } from './protocol/scan.ts';

/** A longer answer is not read; its first characters are shown. Bytes. */
const MOST_READ = 8 * 1024 * 1024;
const MOST_PARTS = 50;
/** Characters of text in one piece, and in all. */
const LONGEST_TEXT = 100_000;
const MOST_TEXT = 400_000;
const LONGEST_NAME = 2_000;
const MOST_IMAGES = 8;
/** Bytes of one image, and pixels of all: four bytes each, when it is drawn. */
const LARGEST_IMAGE = 4 * 1024 * 1024;
const MOST_PIXELS = 40_000_000;
const WIDEST = 16_384;

type Fields = Readonly<Record<string, unknown>>;

/** What came of a call: the whole JSON-RPC answer, or null when it was cancelled. */
export function trialView(answer: Buffer | null, durationMs: number): TrialView {
  const nothing = { parts: [], partsLeftOut: 0, structured: null, structuredChars: 0, error: null };
  if (answer === null) return { ...nothing, outcome: 'cancelled', bytes: 0, durationMs };
  const figures = { bytes: answer.length, durationMs };
  if (answer.length > MOST_READ) {
    const text = answer.toString('utf8', 0, LONGEST_TEXT);
    return { ...nothing, ...figures, outcome: 'ok', parts: [{ kind: 'text', text, chars: answer.length }] };
  }
  const { errorStart, errorEnd, resultStart, resultEnd } = scanMessage(answer);
  if (resultStart < 0) {
    const error = errorOf(errorStart < 0 ? null : answer.subarray(errorStart, errorEnd));
    return { ...nothing, ...figures, outcome: 'error', error };
  }
  const result = record(JSON.parse(answer.toString('utf8', resultStart, resultEnd)));
  const raw = memberOf(answer, resultStart, resultEnd, 'structuredContent')?.toString('utf8') ?? null;
  const content = Array.isArray(result.content) ? (result.content as readonly unknown[]) : [];
  const read = createReader();
  return {
    ...figures,
    outcome: result.isError === true ? 'tool-error' : 'ok',
    parts: content.slice(0, MOST_PARTS).map(read),
    partsLeftOut: Math.max(0, content.length - MOST_PARTS),
    structured: raw === null || raw === 'null' ? null : prettyJson(raw, LONGEST_TEXT),
    structuredChars: raw?.length ?? 0,
    error: null,
  };
}

function errorOf(raw: Buffer | null): TrialError {
  const error = raw === null ? {} : record(JSON.parse(raw.toString('utf8')));
  const data = record(error.data);
  const { code, remedy } = data;
  // Only Gatehouse's own errors have exactly these; what a server adds is shown as it is.
  const own = typeof code === 'string' && typeof remedy === 'string' && error.data !== undefined;
  return {
    code: typeof error.code === 'number' ? error.code : 0,
    message: clip(words(error.message), LONGEST_TEXT),
    gatehouse: own ? { code: clip(code, LONGEST_NAME), remedy: clip(remedy, LONGEST_NAME) } : null,
    data: own || error.data === undefined ? null : prettyJson(JSON.stringify(error.data), LONGEST_TEXT),
  };
}

/** Reads piece after piece, within what all of them may take. */
function createReader(): (piece: unknown) => AnswerPart {
  let text = MOST_TEXT;
  let images = MOST_IMAGES;
  let pixels = MOST_PIXELS;
  const take = (whole: string): string => {
    const shown = clip(whole, Math.min(LONGEST_TEXT, text));
    text -= shown.length;
    return shown;
  };
  const image = (mime: string, data: string): AnswerPart => {
    const bytes = base64Bytes(data);
    const refused = (why: 'not-raster' | 'too-large' | 'too-many'): AnswerPart => ({
      ...{ kind: 'no-image', mime: clip(mime, 100), bytes, why },
    });
    if (bytes > LARGEST_IMAGE) return refused('too-large');
    // As Node reads it, so that what is shown is what was looked at.
    const decoded = Buffer.from(data, 'base64');
    const raster = rasterOf(decoded);
    if (raster === null) return refused('not-raster');
    const { kind, width, height } = raster;
    if (width > WIDEST || height > WIDEST || width * height > MOST_PIXELS) return refused('too-large');
    if (images === 0 || width * height > pixels) return refused('too-many');
    images -= 1;
    pixels -= width * height;
    return { kind: 'image', mime: kind, data: decoded.toString('base64'), bytes, width, height };
  };
  return (piece) => {
    const part = record(piece);
    const mime = typeof part.mimeType === 'string' ? clip(part.mimeType, 100) : null;
    switch (part.type) {
      case 'text': {
        const whole = words(part.text);
        return { kind: 'text', text: take(whole), chars: whole.length };
      }
      case 'image':
        return image(mime ?? '', words(part.data));
      case 'audio':
        return { kind: 'audio', mime: mime ?? '', bytes: base64Bytes(words(part.data)) };
      case 'resource_link':
        return {
          kind: 'link',
          uri: clip(words(part.uri), LONGEST_NAME),
          name: clip(words(part.name), LONGEST_NAME),
          title: named(part.title),
          description: named(part.description),
          mime,
        };
      case 'resource':
        return resource(record(part.resource), take);
      default: {
        const json = JSON.stringify(piece) ?? 'null';
        return { kind: 'other', json: take(prettyJson(json, LONGEST_TEXT)), chars: json.length };
      }
    }
  };
}

function resource(fields: Fields, take: (whole: string) => string): AnswerPart {
  const { text } = fields;
  const own = typeof text === 'string';
  return {
    kind: 'resource',
    uri: clip(words(fields.uri), LONGEST_NAME),
    mime: typeof fields.mimeType === 'string' ? clip(fields.mimeType, 100) : null,
    text: own ? take(text) : null,
    bytes: own ? Buffer.byteLength(text) : base64Bytes(words(fields.blob)),
  };
}

function named(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? clip(value, LONGEST_NAME) : null;
}

function base64Bytes(data: string): number {
  return Math.floor((data.replace(/=+$/, '').length * 3) / 4);
}

function clip(text: string, longest: number): string {
  return text.length <= longest ? text : text.slice(0, Math.max(0, longest));
}

function words(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
