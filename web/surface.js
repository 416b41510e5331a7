// What the stage asks of the browser: lengths that meet device pixels, frames,
// WebGL2, the ratio of pixels, and the colours of the style sheet.

/**
 * The colours of the stage.
 * @param {Element} box
 */
export function coloursOf(box) {
  const style = getComputedStyle(box);
  const of = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return { stage: of('--stage'), empty: of('--stage-empty'), mark: of('--stage-mark') };
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
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}
