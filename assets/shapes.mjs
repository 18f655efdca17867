/**
 * The drawings: the gatehouse as a one-colour sign for trays, and at dusk for the app icon. Plain SVG text; whole
 * pixels at the sizes that trays use.
 */

/** Walls with an open door, walls with a shut one, and where the dots sit, by the size of the drawing. */
const signs = {
  16: {
    walls: 'M1 14V2h4v4h2V4h2v2h2V2h4v12h-4v-3a3 3 0 0 0-6 0v3z',
    off: 'M1 14V2h4v4h2V4h2v2h2V2h4v12zM2 13h3v-2a3 3 0 0 1 6 0v2h3V3h-2v4H4V3H2z',
    busy: { x: 8, y: 11.5, r: 2 },
    attention: { x: 13, y: 3, r: 3, cut: 4 },
  },
  24: {
    walls: 'M2 21V3h6v6h3V6h2v3h3V3h6v18h-6v-5a4 4 0 0 0-8 0v5z',
    off: 'M2 21V3h6v6h3V6h2v3h3V3h6v18zM3.5 19.5H8V16a4 4 0 0 1 8 0v3.5h4.5v-15h-3v6h-11v-6h-3z',
    busy: { x: 12, y: 17, r: 2.5 },
    attention: { x: 19.5, y: 4.5, r: 4.5, cut: 6 },
  },
  32: {
    walls: 'M2 28V4h8v8h4V8h4v4h4V4h8v24h-8v-6a6 6 0 0 0-12 0v6z',
    off: 'M2 28V4h8v8h4V8h4v4h4V4h8v24zM4 26h6v-4a6 6 0 0 1 12 0v4h6V6h-4v8H8V6H4z',
    busy: { x: 16, y: 23, r: 4 },
    attention: { x: 26, y: 6, r: 6, cut: 8 },
  },
};

/** The states that a tray icon tells apart. */
export const trayStates = ['idle', 'busy', 'attention', 'off'];

/**
 * The tray sign. `drawing` is 16, 24 or 32; `canvas` may be larger: the drawing is then centred on it.
 * @param {{state: string, drawing: 16 | 24 | 32, canvas?: number, ink: string, dot: string}} look
 */
export function traySvg({ state, drawing, canvas = drawing, ink, dot }) {
  const sign = signs[drawing];
  const inset = (canvas - drawing) / 2;
  return svg(
    canvas,
    `<g transform="translate(${inset} ${inset})">${trayShape(state, sign, drawing, ink, dot)}</g>`,
  );
}

function trayShape(state, sign, size, ink, dot) {
  const walls = `<path d="${sign.walls}" fill="${ink}"/>`;
  switch (state) {
    case 'busy':
      return walls + circle(sign.busy, sign.busy.r, ink);
    case 'attention':
      return (
        `<mask id="cut"><rect width="${size}" height="${size}" fill="#fff"/>` +
        `${circle(sign.attention, sign.attention.cut, '#000')}</mask>` +
        `<g mask="url(#cut)">${walls}</g>${circle(sign.attention, sign.attention.r, dot)}`
      );
    case 'off':
      return `<path fill-rule="evenodd" d="${sign.off}" fill="${ink}"/>`;
    default:
      return walls;
  }
}

const colors = { sky: '#184766', ground: '#10324B', path: '#F6C866', walls: '#EDF0F2', door: '#F2B03C' };

/** The app icon at large sizes. `grown` fills more of the canvas, as Windows and Linux expect. */
export function appSvg({ size, grown }) {
  const scale = grown ? 960 / 824 : 1;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 1024 1024">` +
    '<clipPath id="square"><rect x="100" y="100" width="824" height="824" rx="185"/></clipPath>' +
    `<g transform="translate(512 512) scale(${scale}) translate(-512 -512)" clip-path="url(#square)">` +
    `<path d="M100 100h824v824H100z" fill="${colors.sky}"/>` +
    `<path d="M100 744h824v180H100z" fill="${colors.ground}"/>` +
    `<path d="M392 744h240l72 180H320z" fill="${colors.path}"/>` +
    `<path d="M232 744V264h160v160h80v-80h80v80h80V264h160v480z" fill="${colors.walls}"/>` +
    `<path d="M392 744V624a120 120 0 0 1 240 0v120z" fill="${colors.door}"/></g></svg>`
  );
}

/**
 * The same up to 128 pixels, drawn on whole pixels so that every edge is sharp. At 16 to 32 there is no ground and no
 * path; walls and door run down to the lower edge. `inset` is the margin around the square.
 */
const fitted = {
  16: { inset: 0, radius: 3, walls: 'M3 16V4h3v3h1V6h2v1h1V4h3v12z', door: 'M6 16v-5a2 2 0 0 1 4 0v5z' },
  24: { inset: 0, radius: 5, walls: 'M5 24V6h4v4h2V8h2v2h2V6h4v18z', door: 'M9 24v-8a3 3 0 0 1 6 0v8z' },
  32: { inset: 0, radius: 6.5, walls: 'M6 32V8h6v6h2v-3h4v3h2V8h6v24z', door: 'M12 32V21a4 4 0 0 1 8 0v11z' },
  48: {
    inset: 2,
    radius: 10,
    ground: 'M2 35h44v11H2z',
    path: 'M18 35h12l4 11H14z',
    walls: 'M10 35V11h8v8h4v-4h4v4h4v-8h8v24z',
    door: 'M18 35v-6a6 6 0 0 1 12 0v6z',
  },
  64: {
    inset: 2,
    radius: 13.5,
    ground: 'M2 49h60v13H2z',
    path: 'M23 49h18l5 13H18z',
    walls: 'M11 49V13h12v12h6v-6h6v6h6V13h12v36z',
    door: 'M23 49v-9a9 9 0 0 1 18 0v9z',
  },
};

/**
 * The app icon at 16, 24, 32, 48, 64 or 128 pixels. `margin` overrides the drawing's own around the square: macOS
 * wants more of it at the smallest sizes.
 * @param {{size: number, margin?: number}} look
 */
export function fittedAppSvg({ size, margin }) {
  const drawing = Math.min(size, 64);
  const { inset, radius, ground, path, walls, door } = fitted[drawing];
  const edge = margin ?? inset;
  const side = drawing - 2 * edge;
  const corner = edge > inset ? radius - edge / 2 : radius;
  const fill = (d, color) => (d === undefined ? '' : `<path d="${d}" fill="${color}"/>`);
  return svg(
    drawing,
    `<clipPath id="square"><rect x="${edge}" y="${edge}" width="${side}" height="${side}" rx="${corner}"/></clipPath>` +
      `<g clip-path="url(#square)">${fill(`M0 0h${drawing}v${drawing}H0z`, colors.sky)}` +
      `${fill(ground, colors.ground)}${fill(path, colors.path)}${fill(walls, colors.walls)}${fill(door, colors.door)}</g>`,
    size,
  );
}

function circle({ x, y }, r, fill) {
  return `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`;
}

function svg(drawing, inner, size = drawing) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${drawing} ${drawing}">${inner}</svg>`;
}
