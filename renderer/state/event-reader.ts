/** Server-sent events out of pieces of text, however they are cut. Pure but for what it has not read to the end. */

/** @param heard called for each event with its name and the JSON that it carries */
export function createEventReader(heard: (name: string, payload: unknown) => void): (piece: string) => void {
  let rest = '';
  return (piece) => {
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      let name = 'message';
      let data = '';
      for (const line of block.split('\n')) {
        if (line.startsWith('event: ')) name = line.slice(7);
        else if (line.startsWith('data: ')) data += line.slice(6);
      }
      if (data !== '') heard(name, JSON.parse(data));
    }
  };
}
