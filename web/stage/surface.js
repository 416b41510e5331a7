// What the stage asks of the browser: lengths that meet device pixels, frames,
// WebGL2, the ratio of pixels, and of the style sheet, which it tells its shape,
// height and colours.

/** @import { RunShape } from '../types.js' */
/** @import { Layout } from './layout.js' */
import { gridOf } from './layout.js';

/**
 * The colours of the stage.
 * @param {Element} box
 */
export function coloursOf(box) {
  const style = getComputedStyle(box);
  const of = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return { stage: of('--stage'), empty: of('--stage-empty'), mark: of('--stage-mark') };
}

/**
 * Tells the style sheet how high the box must be: views, and grids of many
 * pictures, may stand above each other.
 * @param {HTMLElement} box @param {RunShape} shape @param {number} views @param {number} sides
 */
export function shapeBox(box, { images, columns }, views, sides) {
  const { cols, rows } = gridOf({ images, columns });
  box.toggleAttribute('data-many', images > 9);
  box.dataset.views = String(views);
  box.dataset.sides = String(sides);
  box.style.setProperty('--sides', String(sides));
  box.style.setProperty('--tall', String(rows / cols));
  box.style.setProperty('--views', String(views));
}

/**
 * Tells the style sheet where the film strip is, on which the slider of time lies
 * so that its thumb is in the middle of the picture that it means, and the least
 * height of the box.
 * @param {HTMLElement} box @param {Layout} layout @param {number} ratio
 */
export function shapeStrip(box, { strip, mark, least }, ratio) {
  const { style } = box;
  style.setProperty('--strip-from', `${(strip.x + strip.tileWidth / 2) / ratio}px`);
  style.setProperty('--strip-long', `${(strip.w - strip.tileWidth) / ratio}px`);
  style.setProperty('--strip-high', `${(strip.h + 2 * mark) / ratio}px`);
  style.setProperty('--least', `${Math.ceil(least / ratio)}px`);
}

/** Calls act whenever the ratio of device pixels to CSS pixels changes. @param {() => void} act */
export function watchRatio(act) {
  matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
    'change',
    () => {
      act();
      watchRatio(act);
    },
    { once: true },
  );
}

/**
 * The largest length up to css that is a whole number of device pixels, so that
 * nothing is resampled at fractional zoom.
 * @param {number} css @param {number} ratio
 */
export function whole(css, ratio) {
  for (let length = css; length > css - 20; length--) {
    const device = length * ratio;
    if (Math.abs(device - Math.round(device)) < 1e-6) return length;
  }
  return css;
}

/** @param {number} n @param {() => void} act */
export function afterFrames(n, act) {
  if (n === 0) act();
  else requestAnimationFrame(() => afterFrames(n - 1, act));
}

export function hasWebGL2() {
  return opened(() => true);
}

/** What a processor that draws in the place of a graphics card calls itself. */
const software = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** Whether it is a graphics card that draws WebGL2. */
export function hasGraphicsCard() {
  return opened((context) => {
    const named = context.getExtension('WEBGL_debug_renderer_info'); // where RENDERER does not say it itself
    return !software.test(String(context.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : context.RENDERER)));
  });
}

/** Asks a context of WebGL2, where there is one. @param {(context: WebGL2RenderingContext) => boolean} ask */
function opened(ask) {
  const context = document.createElement('canvas').getContext('webgl2');
  const answer = context !== null && ask(context);
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return answer;
}
