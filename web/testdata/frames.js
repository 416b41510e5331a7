// A browser in which a viewer is framed, without one: what a frame does is told by the test.

/** @import { Viewer } from '../types.js' */
/** @import { Frame } from '../stage/frame.js' */

/** What a test may change, and what was made: fresh makes all of it again. */
export const browser = {
  webgl: true,
  /** What listens to messages. @type {((event: any) => void)[]} */
  ears: [],
  /** @type {any[]} */
  frames: [],
};

export function fresh() {
  Object.assign(browser, { webgl: true, ears: [], frames: [] });
  Object.assign(globalThis, {
    location: { origin: 'https://a.test' },
    devicePixelRatio: 1,
    requestAnimationFrame: (/** @type {() => void} */ act) => act(),
    addEventListener: (/** @type {string} */ _, /** @type {(event: any) => void} */ act) => browser.ears.push(act),
    document: {
      createElement: (/** @type {string} */ tag) => (tag === 'canvas' ? { getContext: () => (browser.webgl ? { getExtension: () => null } : null) } : framed()),
    },
  });
}

/** A frame whose document can be reloaded. */
function framed() {
  const classes = new Set();
  const frame = {
    ...{ style: {}, reloads: 0, removed: false, shown: () => classes.has('shown') },
    classList: { toggle: (/** @type {string} */ name, /** @type {boolean} */ on) => (on ? classes.add(name) : classes.delete(name)) },
    contentWindow: { viewer: /** @type {any} */ (undefined), location: { reload: () => frame.reloads++ }, addEventListener: (/** @type {string} */ _, /** @type {() => void} */ act) => (frame.hide = act) },
    hide: () => {},
    contentDocument: { querySelector: () => ({ setAttribute: (/** @type {string} */ _, /** @type {string} */ label) => (frame.label = label) }) },
    label: '',
    setAttribute() {},
    remove: () => (frame.removed = true),
  };
  browser.frames.push(frame);
  return frame;
}

/**
 * A viewer that has been asked for, and what a stage hears of it.
 * @template {Frame<any>} F
 * @param {new (box: HTMLElement, on: {up: () => void, taken: () => void}) => F} Framed
 */
export function asked(Framed) {
  const box = /** @type {HTMLElement} */ (/** @type {unknown} */ ({ append() {} }));
  /** @type {string[]} */
  const log = [];
  const viewer = new Framed(box, { up: () => log.push('up'), taken: () => log.push(viewer.taken ? 'taken' : 'left') });
  let settled = false;
  const started = viewer.start('frame.html', { width: 300, height: 200 }).then(() => (settled = true));
  const [frame] = browser.frames;
  const say = (/** @type {string} */ state, more = {}) =>
    browser.ears.forEach((act) => act({ origin: 'https://a.test', source: frame?.contentWindow, data: { type: 'viewer', state }, ...more }));
  /** The Go program is there. @param {(callback: () => void) => void} [drawn] @param {Partial<Viewer>} [draws] */
  const up = (drawn = (callback) => callback(), draws = { draw: () => '', plane: () => '' }) => {
    frame.contentWindow.viewer = { drawn, ...draws };
    say('up');
  };
  return { viewer, log, frame, say, up, started, settled: () => settled };
}
