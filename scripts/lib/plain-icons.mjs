/**
 * Lucide's icons as plain templates. As they come, each is drawn attribute by attribute through two more components, which
 * takes longer than all the rest of a row of a list; what the pages ask of them is a size. A plugin for vite, nothing else.
 */

/** @typedef {readonly [name: string, attributes: Readonly<Record<string, string>>]} Shape */

const file = /\/@lucide\/svelte\/dist\/icons\/[\w-]+\.svelte$/;

/** @returns {import('vite').Plugin} */
export function plainIcons() {
  return {
    name: 'plain-icons',
    enforce: 'pre',
    transform: {
      filter: { id: file },
      handler: (code) => ({ code: plainIcon(code), map: null }),
    },
  };
}

/**
 * The icon's own component, made plain: the same element with the same attributes, and no property but `size`.
 * @param {string} source
 * @throws {Error} when it is not written as those of the locked version are
 */
export function plainIcon(source) {
  const found = /const iconData = (\{.*\});/.exec(source)?.[1];
  if (found === undefined) throw new Error('An icon of @lucide/svelte has no data where it is looked for.');
  /** @type {{ name: string, size: number, aliases?: readonly string[], node: readonly Shape[] }} */
  const { name, size, aliases = [], node } = JSON.parse(found);
  const classes = ['lucide', name, ...aliases].map((each, at) => (at === 0 ? each : `lucide-${each}`));
  const shapes = node.map(([tag, attributes]) => `<${tag} ${written(attributes)} />`);
  return `<script>
let { size = 24 } = $props();
</script>
<svg
  xmlns="http://www.w3.org/2000/svg" width={size} height={size} viewBox="0 0 ${size} ${size}"
  fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"
  class="${classes.join(' ')} lucide-icon" aria-hidden="true">${shapes.join('')}</svg>
`;
}

/** @param {Readonly<Record<string, string>>} attributes */
function written(attributes) {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ');
}
