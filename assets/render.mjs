/**
 * Draws every icon file from the shapes in shapes.mjs. Run by hand after a change there, and commit the result:
 *   node assets/render.mjs
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { icns, ico } from './containers.mjs';
import { appSvg, fittedAppSvg, trayStates, traySvg } from './shapes.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const black = '#000000';
/** Ink and dot by the bar's theme; the dot keeps 3:1 on usual bars. */
const trayInks = {
  light: { ink: '#1B1D20', dot: '#B36200' },
  dark: { ink: '#FFFFFF', dot: '#F0B040' },
};

function render(svgText) {
  const image = new Resvg(svgText, { font: { loadSystemFonts: false } }).render();
  return { size: image.width, png: image.asPng(), rgba: unpremultiply(image.pixels) };
}

/** resvg gives premultiplied colours; bitmaps want them plain. */
function unpremultiply(pixels) {
  const plain = Buffer.from(pixels);
  for (let at = 0; at < plain.length; at += 4) {
    const alpha = plain[at + 3];
    if (alpha > 0 && alpha < 255) {
      for (let channel = at; channel < at + 3; channel += 1) {
        plain[channel] = Math.min(255, Math.round((plain[channel] * 255) / alpha));
      }
    }
  }
  return plain;
}

function save(name, bytes) {
  const file = join(here, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

function appIcon(size) {
  return render(size <= 128 ? fittedAppSvg({ size }) : appSvg({ size, grown: true }));
}

function macIcon(size) {
  return render(size <= 32 ? fittedAppSvg({ size, margin: size / 16 }) : appSvg({ size, grown: false })).png;
}

function trayFiles(state) {
  const mac = (drawing) => render(traySvg({ state, drawing, ink: black, dot: black })).png;
  save(`tray/${state}Template.png`, mac(16));
  save(`tray/${state}Template@2x.png`, mac(32));
  for (const [theme, inks] of Object.entries(trayInks)) {
    const draw = (drawing, canvas = drawing) => render(traySvg({ state, drawing, canvas, ...inks }));
    for (const size of [16, 24, 32]) {
      save(`tray/tray-${state}-${theme}-${size}.png`, draw(size).png);
    }
    // Windows asks for 20 pixels at 125 %: the 16 drawing, centred, stays on whole pixels.
    save(`tray/tray-${state}-${theme}.ico`, ico([draw(16), draw(16, 20), draw(24), draw(32)]));
  }
}

for (const size of [1024, 512, 256, 128, 64, 48, 32, 24, 16]) {
  save(`icons/${size}.png`, appIcon(size).png);
}
save('icon.ico', ico([16, 24, 32, 48, 64, 128, 256].map(appIcon)));
save('icon.icns', icns(macIcon));
for (const state of trayStates) {
  trayFiles(state);
}
