// The page's side of the stage. Pictures go to a plain canvas until the viewer,
// in a frame above it, has drawn the same; then to the viewer alone. If the
// viewer ends, the plain canvas takes over again.

/** @import { RunShape, StageMessage, Step, Viewer } from './types.js' */
/** @import { Layout } from './layout.js' */
/** @import { View } from './views.js' */
import { Film } from './film.js';
import { arrange, tile } from './layout.js';
import { Painter } from './painter.js';
import { afterFrames, coloursOf, hasWebGL2, watchRatio, whole } from './surface.js';
import { views as allViews } from './views.js';

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
 * @property {Record<View | 'strip', HTMLElement>} captions
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

  /** @param {Parts} parts @param {View[]} views that are shown at first */
  constructor(parts, views) {
    this.parts = parts;
    this.views = views;
    this.film = new Film(expected);
    this.painter = new Painter(parts.canvas);
    new ResizeObserver(() => this.#resize()).observe(parts.box);
    // Ebitengine reads the ratio only once.
    watchRatio(() => {
      this.#resize();
      this.#ended--;
      this.#frame?.contentWindow?.location.reload();
    });
    addEventListener('message', (event) => this.#heard(event));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#recolour());
    this.#shapeBox();
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
    this.#shapeBox();
    this.#arrange();
    this.#toViewer((viewer) => viewer.begin(shape));
    this.#paint();
  }

  /**
   * Shows other views of the same steps.
   * @param {View[]} views
   */
  show(views) {
    this.views = views;
    this.#shapeBox();
    this.#arrange();
    this.#toViewer((viewer) => viewer.views(...numbers(views)));
    this.#paint();
  }

  /**
   * Goes to a step, or with 0 to the newest, and says which is shown.
   * @param {number} step
   */
  seek(step) {
    const shown = this.film.show(step);
    this.#toViewer((viewer) => viewer.show(this.film.shown));
    this.#paint();
    return shown;
  }

  /**
   * The step whose picture of the film strip is at a point; 0 for none.
   * @param {number} x @param {number} y CSS pixels in the window
   */
  stepAt(x, y) {
    if (!this.#layout) return 0;
    const { strip, slots } = this.#layout;
    const { left, top } = this.parts.box.getBoundingClientRect();
    const at = { x: (x - left) * this.#size.ratio, y: (y - top) * this.#size.ratio };
    if (at.y < strip.y - strip.gap) return 0;
    const i = this.film.slots(slots).findIndex((_, place) => {
      const r = tile(strip, place);
      return at.x <= r.x + r.w + strip.gap && at.y <= r.y + r.h + strip.gap;
    });
    return this.film.slots(slots)[i] ?? 0;
  }

  /**
   * Tells the style sheet how high the box must be: views, and grids of many
   * pictures, may stand above each other.
   */
  #shapeBox() {
    const { box } = this.parts;
    const { images } = this.film.shape;
    const cols = Math.ceil(Math.sqrt(images));
    box.toggleAttribute('data-many', images > 9);
    box.dataset.views = String(this.views.length);
    box.style.setProperty('--tall', String(Math.ceil(images / cols) / cols));
    box.style.setProperty('--views', String(this.views.length));
    this.#resize();
  }

  /** @param {Step} message */
  add(message) {
    this.film.add(message);
    const { step, image, xt, x0, epsilon, change } = message;
    this.#toViewer((viewer) => viewer.frame(step, image, xt, x0, epsilon, change));
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
      v.views(...numbers(this.views));
      this.film.replay((image, { step, xt, x0, epsilon, change }) => v.frame(step, image, xt, x0, epsilon, change));
      v.show(this.film.shown);
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
      if (this.#layout && !this.#taken) this.painter.paint(this.film, this.#layout, this.views, this.colours());
    });
  }

  colours() {
    return coloursOf(this.parts.box);
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
    if (this.#layout && !this.#taken) this.painter.paint(this.film, this.#layout, this.views, this.colours());
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
    const layout = arrange({ width, height, ratio }, this.film.shape, this.views.length, this.film.keptSteps);
    this.#layout = layout;
    for (const view of allViews) {
      const grid = layout.panels[this.views.indexOf(view)];
      this.parts.captions[view].hidden = !grid;
      if (grid) place(this.parts.captions[view], grid, ratio);
    }
    // The film strip may be shorter than what is said of it.
    place(this.parts.captions.strip, { ...layout.strip, w: width - layout.strip.x }, ratio);
  }
}

/**
 * Puts a caption above pictures.
 * @param {HTMLElement} caption @param {{x: number, y: number, w: number}} grid @param {number} ratio
 */
function place(caption, grid, ratio) {
  caption.style.left = `${grid.x / ratio}px`;
  caption.style.width = `${grid.w / ratio}px`;
  caption.style.top = `${grid.y / ratio - captionHeight}px`;
}

/** @param {View[]} views */
function numbers(views) {
  return views.map((view) => allViews.indexOf(view));
}
