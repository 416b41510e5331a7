// The page's side of the stage. Pictures go to a plain canvas until the viewer,
// in a frame above it, has drawn the same; then to the viewer alone. If the
// viewer ends, the plain canvas takes over again.

/** @import { RunShape, StageMessage, Step, Viewer } from './types.js' */
/** @import { Layout } from './layout.js' */
import { Film } from './film.js';
import { arrange } from './layout.js';
import { Painter } from './painter.js';

/** Drawn before any model is known, so that the stage has its shape. */
const expected = { steps: 50, images: 1, channels: 1, height: 32, width: 32 };
/** As in page.css, and no more than layout.js leaves room for. */
const captionHeight = 30;
/** How often a viewer may end before the plain canvas stays. */
const chances = 3;

/**
 * @typedef {object} Parts
 * @property {HTMLElement} box that everything is in
 * @property {HTMLCanvasElement} canvas
 * @property {{xt: HTMLElement, x0: HTMLElement, strip: HTMLElement}} captions
 */

export class Stage {
  /** @type {HTMLIFrameElement | undefined} */
  #frame;
  /** @type {Viewer | undefined} */
  #viewer;
  /** Whether the viewer is what a person sees. */
  #taken = false;
  #ended = 0;
  #painting = false;
  #label = '';
  /** @type {Layout | undefined} */
  #layout;
  #size = { width: 0, height: 0, ratio: 1 };

  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
    this.film = new Film(expected);
    this.painter = new Painter(parts.canvas);
    new ResizeObserver(() => this.#resize()).observe(parts.box);
    this.#watchRatio();
    addEventListener('message', (event) => this.#heard(event));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#recolour());
    this.#resize();
  }

  /** 'canvas' or 'viewer', whichever is seen. */
  get surface() {
    return this.#taken ? 'viewer' : 'canvas';
  }

  /**
   * Starts the viewer, where there is WebGL2 for it.
   * @param {string} url of stage.html
   * @param {string} title of the frame
   */
  enhance(url, title) {
    if (!hasWebGL2()) return;
    const frame = document.createElement('iframe');
    frame.src = url;
    frame.title = title;
    frame.className = 'viewer';
    frame.tabIndex = -1;
    this.#frame = frame;
    this.#fitSurfaces();
    this.parts.box.append(frame);
  }

  /**
   * A new run.
   * @param {RunShape} shape
   */
  begin({ steps, images, channels, height, width }) {
    const shape = { steps, images, channels, height, width };
    this.film = new Film(shape);
    this.#shapeBox(images);
    this.#arrange();
    this.#toViewer((viewer) => viewer.begin(shape));
    this.#paint();
  }

  /**
   * Tells the style sheet how high the box must be: two grids of many pictures
   * may stand one above the other.
   * @param {number} images
   */
  #shapeBox(images) {
    const cols = Math.ceil(Math.sqrt(images));
    this.parts.box.toggleAttribute('data-many', images > 9);
    this.parts.box.style.setProperty('--tall', String(Math.ceil(images / cols) / cols));
    this.#resize();
  }

  /** @param {Step} message */
  add(message) {
    this.film.add(message);
    this.#toViewer((viewer) => viewer.frame(message.step, message.image, message.xt, message.x0));
    this.#paint();
  }

  /**
   * Says in words what the stage shows.
   * @param {string} label
   */
  describe(label) {
    this.#label = label;
    this.parts.canvas.setAttribute('aria-label', label);
    this.#frame?.contentDocument?.querySelector('canvas')?.setAttribute('aria-label', label);
  }

  /** @param {MessageEvent} event */
  #heard(event) {
    if (event.origin !== location.origin || event.source !== this.#frame?.contentWindow) return;
    const message = /** @type {StageMessage} */ (event.data);
    if (message?.type !== 'viewer') return;
    if (message.state === 'up') this.#hand();
    else this.#lose();
  }

  /** Gives the viewer all there is, and the stage once it has drawn that. */
  #hand() {
    const content = /** @type {{viewer?: Viewer} | null | undefined} */ (this.#frame?.contentWindow);
    const viewer = content?.viewer;
    this.#viewer = viewer;
    // Ebitengine reloads its document when the graphics card is reset.
    this.#frame?.contentWindow?.addEventListener('pagehide', () => viewer === this.#viewer && this.#lose());
    this.describe(this.#label);
    this.#recolour();
    this.#toViewer((v) => {
      v.begin(this.film.shape);
      this.film.replay((step, image, xt, x0) => v.frame(step, image, xt, x0));
      v.drawn(() => afterFrames(2, () => viewer === this.#viewer && this.#take(true)));
    });
  }

  /** The viewer has ended. */
  #lose() {
    this.#viewer = undefined;
    this.#take(false);
    this.#ended++;
    if (this.#ended >= chances) {
      this.#frame?.remove();
      this.#frame = undefined;
    }
  }

  /** @param {boolean} taken */
  #take(taken) {
    this.#taken = taken && this.#viewer !== undefined;
    this.#frame?.classList.toggle('shown', this.#taken);
    this.parts.box.dataset.surface = this.surface;
    if (this.#taken) this.parts.canvas.setAttribute('aria-hidden', 'true');
    else this.parts.canvas.removeAttribute('aria-hidden');
    this.#paint();
  }

  /** @param {(viewer: Viewer) => void} act */
  #toViewer(act) {
    if (!this.#viewer) return;
    try {
      act(this.#viewer);
    } catch {
      // A Go program that has ended throws when it is called.
      this.#lose();
    }
  }

  /** Draws on the plain canvas at the next frame, while that is what is seen. */
  #paint() {
    if (this.#painting || this.#taken) return;
    this.#painting = true;
    requestAnimationFrame(() => {
      this.#painting = false;
      if (this.#layout && !this.#taken) this.painter.paint(this.film, this.#layout, this.colours());
    });
  }

  /** The colours of the stage, from the style sheet. */
  colours() {
    const style = getComputedStyle(this.parts.box);
    const of = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    return { stage: of('--stage'), empty: of('--stage-empty'), mark: of('--stage-mark') };
  }

  #recolour() {
    const { stage, empty, mark } = this.colours();
    const number = (/** @type {string} */ hex) => parseInt(hex.slice(1), 16);
    this.#toViewer((viewer) => viewer.colours(number(stage), number(empty), number(mark)));
    this.#paint();
  }

  #resize() {
    const { box, canvas } = this.parts;
    const ratio = devicePixelRatio || 1;
    const width = whole(box.clientWidth, ratio);
    const height = whole(box.clientHeight, ratio);
    if (width === this.#size.width && height === this.#size.height && ratio === this.#size.ratio) return;
    this.#size = { width, height, ratio };
    canvas.width = Math.trunc(width * ratio);
    canvas.height = Math.trunc(height * ratio);
    this.#fitSurfaces();
    this.#arrange();
    // Resizing has emptied the canvas; painting at the next frame would flash.
    if (this.#layout && !this.#taken) this.painter.paint(this.film, this.#layout, this.colours());
  }

  /** Makes canvas and frame exactly so large that pixels meet device pixels. */
  #fitSurfaces() {
    for (const surface of [this.parts.canvas, this.#frame]) {
      if (!surface) continue;
      surface.style.width = `${this.#size.width}px`;
      surface.style.height = `${this.#size.height}px`;
    }
  }

  /** Lays out pictures and captions. */
  #arrange() {
    const { width, height } = this.parts.canvas;
    if (width === 0 || height === 0) return;
    const ratio = this.#size.ratio;
    const layout = arrange({ width, height, ratio }, this.film.shape, this.film.keptSteps);
    this.#layout = layout;
    const { xt, x0, strip } = this.parts.captions;
    // The film strip may be shorter than what is said of it.
    const band = { ...layout.strip, w: width - layout.strip.x };
    for (const [caption, grid] of /** @type {const} */ ([[xt, layout.xt], [x0, layout.x0], [strip, band]])) {
      caption.style.left = `${grid.x / ratio}px`;
      caption.style.width = `${grid.w / ratio}px`;
      caption.style.top = `${grid.y / ratio - captionHeight}px`;
    }
  }

  /** Zooming the page changes the ratio, which Ebitengine reads only once. */
  #watchRatio() {
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      'change',
      () => {
        this.#resize();
        this.#ended--;
        this.#frame?.contentWindow?.location.reload();
        this.#watchRatio();
      },
      { once: true },
    );
  }
}

/**
 * The largest length up to css that is a whole number of device pixels, so that
 * nothing is resampled at fractional zoom.
 * @param {number} css @param {number} ratio
 */
function whole(css, ratio) {
  for (let length = css; length > css - 20; length--) {
    const device = length * ratio;
    if (Math.abs(device - Math.round(device)) < 1e-6) return length;
  }
  return css;
}

/** @param {number} n @param {() => void} act */
function afterFrames(n, act) {
  if (n === 0) act();
  else requestAnimationFrame(() => afterFrames(n - 1, act));
}

function hasWebGL2() {
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}
