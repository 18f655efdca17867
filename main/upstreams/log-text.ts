/**
 * A line of a server's output as it is kept: for the file, which somebody may look at in a terminal, and for the screens.
 * Pure.
 */

/** What colors text, and nothing else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what it is about
const COLORS = /\u001b\[[\d;:]*m/g;
/** Controls but the tab, what turns text around, and other ends of lines. */
const STEERING = /(?!\t)[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
/** The picture of the null character; those of the other controls follow it. */
const PICTURES = 0x2400;

/**
 * The line without colors, and with a sign in the place of whatever else would steer a terminal or turn text around. What
 * colors have split is whole again, so that secrets in it are found afterwards.
 */
export function plainLine(line: string): string {
  return line.replace(COLORS, '').replace(STEERING, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(PICTURES + code) : `\\u{${code.toString(16)}}`;
  });
}
