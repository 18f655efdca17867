/** Command lines that fetch and run, open a way in, or destroy, found in any text. Linear; pure. */

/** Pieces that say enough alone. */
const ALONE = [
  '/dev/tcp/',
  'rm -rf /',
  'rm -rf ~',
  'rm -rf *',
  'rm -rf $',
  'rm -fr ~',
  'rm -fr /',
  'nc -e',
  'ncat -e',
  'mkfifo /tmp',
  '-w hidden',
  '-windowstyle hidden',
  '-encodedcommand',
  'powershell -enc',
  'powershell -e ',
  'downloadstring(',
  'invoke-expression',
  'iex (',
  'iex(',
  'invoke-webrequest',
  'chmod -r 777 /',
  'chmod 777 /',
  'chmod +x /tmp',
  'exec(u.urlopen',
  'exec(requests.get',
  'exec(urllib',
  'exec(base64',
  'eval(base64',
  'eval(atob',
  'eval(requests',
  ':(){',
  'mkfs.',
  'dd if=/dev/zero of=/dev/',
  '> /dev/sda',
  'format c:',
  'del /s /q c:',
  'del /f /s /q',
  'certutil -urlcache',
  'bitsadmin /transfer',
  'mshta http',
  'regsvr32 /s',
  'osascript -e',
  'launchctl load',
  'crontab -',
  '| base64 -d |',
  'base64 -d | sh',
  'base64 --decode | sh',
  'disable the firewall',
  'ufw disable',
  'setenforce 0',
  'curl --data @',
  'curl -d @',
  'curl -f @',
  'curl -t ',
  'wget --post-file',
];
/** What fetches, and what runs it after a pipe. */
const FETCH = ['curl ', 'wget ', 'cat ', 'base64 '];
const RUN = [
  'bash',
  'sh',
  'zsh',
  'python',
  'python3',
  'node',
  'perl',
  'ruby',
  'sudo',
  'nc',
  'ncat',
  'powershell',
  'iex',
  'curl',
  'dash',
  'tee',
];
/** Units between fetching and the pipe, at most. */
const LINE = 300;

/** One of these words is in every such command. */
const WORDS = new Set(
  (
    'dev rm nc ncat mkfifo hidden encodedcommand powershell downloadstring iex invoke chmod exec eval mkfs dd sda format del certutil ' +
    'bitsadmin mshta regsvr32 osascript launchctl crontab base64 firewall ufw setenforce curl wget cat fetch'
  ).split(' '),
);

/**
 * Where the first such command stands, or null.
 *
 * @param words the text's words in lower case
 */
export function shellIn(
  text: string,
  words: readonly string[],
): { readonly start: number; readonly end: number } | null {
  if (!words.some((word) => WORDS.has(word)) && !text.includes(':(){')) return null;
  const low = text.toLowerCase();
  let best: { start: number; end: number } | null = null;
  for (const piece of ALONE) {
    const at = low.indexOf(piece);
    if (at >= 0 && (best === null || at < best.start)) best = { start: at, end: at + piece.length };
  }
  for (let pipe = low.indexOf('|'); pipe >= 0; pipe = low.indexOf('|', pipe + 1)) {
    let at = pipe + 1;
    while (low[at] === ' ' || low[at] === '|') at += 1;
    const word = wordAt(low, at);
    if (!RUN.includes(word) || low[at + word.length] === '-' || low[at + word.length] === '_') continue;
    const from = Math.max(0, pipe - LINE);
    const line = low.slice(from, pipe);
    for (const fetch of FETCH) {
      const start = line.lastIndexOf(fetch);
      if (start < 0 || (fetch === 'cat ' && word !== 'nc' && word !== 'ncat' && word !== 'curl')) continue;
      if (best === null || from + start < best.start) best = { start: from + start, end: at + word.length };
    }
    if (best !== null && best.start < pipe) break;
  }
  return best;
}

function wordAt(text: string, at: number): string {
  let end = at;
  while (end < text.length && end - at < 12) {
    const code = text.charCodeAt(end);
    if (!((code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39))) break;
    end += 1;
  }
  return text.slice(at, end);
}
