/** Reads a line of a server's log: colour codes go, and a word of level is noticed. Pure. */

/** A line to show. `own` is one that Gatehouse wrote. */
export interface LogLine {
  readonly text: string;
  readonly level: 'plain' | 'warning' | 'error' | 'own';
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what it is about
const colorCodes = /\u001b\[[\d;]*m/g;
/** Near the start, as loggers write it: `ERROR`, `[warn]`, `"level":"error"`, `level=warning`, `Error: …`. */
const levelWord =
  /^.{0,48}?(?:\b(ERROR|FATAL|CRITICAL|WARN|WARNING)\b|[[("=](error|fatal|warn|warning)\b|^(\w*[Ee]rror|[Ww]arning|warn):)/;

/** One line as it came. */
export function logLine(raw: string): LogLine {
  const text = raw.replace(colorCodes, '');
  if (text.startsWith('[gatehouse] ')) {
    return { text, level: 'own' };
  }
  const found = levelWord.exec(text);
  const word = found?.[1] ?? found?.[2] ?? found?.[3];
  if (word === undefined) {
    return { text, level: 'plain' };
  }
  return { text, level: /^warn/i.test(word) ? 'warning' : 'error' };
}
