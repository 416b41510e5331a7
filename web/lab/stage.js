// The plane: what is seen of it, and what pointer and keyboard do there. The plain painter draws
// the scene that the page makes, until the viewer, in a frame above it, has drawn the same; if that
// ends, the painter takes over again.

/** @import { Scene, Window } from './scene.js' */
import { Painter } from './painter.js';
import { hasGraphicsCard } from '../stage/surface.js';
import { reach } from './compose.js';

/** How far a view may be enlarged and reduced. */
const near = 40;
const far = 0.35;
/** CSS pixels that a press may move without being a drag. */
const steady = 4;

export class Stage {
  /** The middle of the view, and how much larger it is than at first. */
  #view = { x: 0, y: 0, zoom: 1 };
  #asked = false;
  /** @type {Map<number, {x: number, y: number}>} */
  #pointers = new Map();
  #moved = 0;
  /** It comes when it is asked for. @type {import('./viewer.js').PlaneViewer | undefined} */
  #viewer;
  #print = matchMedia('print');

  /**
   * @param {HTMLElement} box
   * @param {HTMLCanvasElement} canvas in it
   * @param {object} on
   * @param {(window: Window) => Scene} on.scene
   * @param {(x: number, y: number) => void} on.pressed a point of the plane
   * @param {(x: number, y: number) => void} on.over
   * @param {() => void} on.left
   * @param {() => void} on.viewed the view has changed
   */
  constructor(box, canvas, on) {
    this.box = box;
    this.canvas = canvas;
    this.on = on;
    this.painter = new Painter(canvas);
    this.#print.addEventListener('change', () => this.#draw());
    new ResizeObserver(() => this.ask()).observe(canvas);
    canvas.addEventListener('pointerdown', (event) => this.#down(event));
    canvas.addEventListener('pointermove', (event) => this.#move(event));
    for (const type of /** @type {const} */ (['pointerup', 'pointercancel'])) canvas.addEventListener(type, (event) => this.#up(event));
    canvas.addEventListener('pointerleave', () => on.left());
    canvas.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    canvas.addEventListener('keydown', (event) => this.#key(event));
  }

  get size() {
    return { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
  }

  /** @returns {Window} */
  get window() {
    const { width, height } = this.size;
    const { x, y, zoom } = this.#view;
    return { x, y, scale: (Math.max(1, Math.min(width, height)) / 2 / reach) * zoom };
  }

  /** From where it is seen. */
  get view() {
    return this.#view;
  }

  set view(view) {
    const { x, y, zoom } = this.#view;
    if (view.x !== x || view.y !== y || view.zoom !== zoom) this.#look(view);
  }

  /** Whether all of it is seen, as at first. */
  get whole() {
    const { x, y, zoom } = this.#view;
    return zoom === 1 && x === 0 && y === 0;
  }

  showWhole() {
    this.#look({ x: 0, y: 0, zoom: 1 });
  }

  /** Draws soon. */
  ask() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#draw();
    });
  }

  /**
   * Starts the viewer, where a graphics card draws for it: without one it would take from training
   * what it takes for drawing.
   * @param {string} url of frame.html
   */
  async enhance(url) {
    if (!hasGraphicsCard()) return;
    const { PlaneViewer } = await import('./viewer.js');
    this.#viewer = new PlaneViewer(this.box, { up: () => this.#draw(), taken: () => this.#handed() });
    await this.#viewer.start(url, this.size);
  }

  /** The viewer has taken the stage, or left it to the canvas. */
  #handed() {
    this.box.dataset.surface = this.#viewer?.taken ? 'viewer' : 'canvas';
    this.#draw();
  }

  /** Draws on the viewer, and on the plain canvas while that is what is seen: it is all that paper shows. */
  #draw() {
    const { width, height } = this.size;
    if (width === 0 || height === 0) return;
    const scene = this.on.scene(this.window);
    if (!this.#viewer?.taken || this.#print.matches) this.painter.draw(scene, width, height, Math.min(devicePixelRatio, 2.5));
    this.#viewer?.draw(scene, width, height);
  }

  /** @param {{x: number, y: number, zoom: number}} view */
  #look({ x, y, zoom }) {
    const bound = (/** @type {number} */ v) => Math.max(-4, Math.min(4, v));
    this.#view = { x: bound(x), y: bound(y), zoom: Math.max(far, Math.min(near, zoom)) };
    this.canvas.toggleAttribute('data-moved', !this.whole); // then one finger moves it, and does not scroll
    this.on.viewed();
    this.ask();
  }

  /** A place of the canvas in the plane. @param {{offsetX: number, offsetY: number}} event @returns {[number, number]} */
  #plane({ offsetX, offsetY }) {
    const { width, height } = this.size;
    const { x, y, scale } = this.window;
    return [x + (offsetX - width / 2) / scale, y - (offsetY - height / 2) / scale];
  }

  /** Enlarges what is under a place, which stays there. @param {number} factor @param {[number, number]} [at] */
  #zoom(factor, at = [this.#view.x, this.#view.y]) {
    const { x, y, zoom } = this.#view;
    const to = Math.max(far, Math.min(near, zoom * factor));
    const share = 1 - zoom / to;
    this.#look({ x: x + (at[0] - x) * share, y: y + (at[1] - y) * share, zoom: to });
  }

  /** @param {PointerEvent} event */
  #down(event) {
    this.canvas.setPointerCapture(event.pointerId);
    if (this.#pointers.size === 0) this.#moved = 0;
    this.#pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return this.on.over(...this.#plane(event));
    const [dx, dy] = [event.offsetX - before.x, event.offsetY - before.y];
    const others = [...this.#pointers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    this.#moved += Math.hypot(dx, dy);
    this.#pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    if (this.#moved < steady) return;
    const { x, y, zoom } = this.#view;
    const { scale } = this.window;
    const part = 1 / (others.length + 1);
    this.#look({ x: x - (part * dx) / scale, y: y + (part * dy) / scale, zoom });
    if (others.length === 1) {
      const apart = (/** @type {{x: number, y: number}} */ place) => Math.max(1, Math.hypot(place.x - others[0].x, place.y - others[0].y));
      this.#zoom(apart({ x: event.offsetX, y: event.offsetY }) / apart(before), this.#plane({ offsetX: (event.offsetX + others[0].x) / 2, offsetY: (event.offsetY + others[0].y) / 2 }));
    }
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (!this.#pointers.delete(event.pointerId)) return;
    if (event.type === 'pointerup' && this.#pointers.size === 0 && this.#moved < steady) this.on.pressed(...this.#plane(event));
  }

  /** Where the page can be scrolled it is, or the page around; with Ctrl, as a pinch on a touchpad comes, or once the plane has the focus, this zooms. @param {WheelEvent} event */
  #wheel(event) {
    const scrolls = parent !== window || document.documentElement.scrollHeight > innerHeight;
    if (scrolls && !event.ctrlKey && document.activeElement !== this.canvas) return;
    event.preventDefault();
    this.#zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), this.#plane(event));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { x, y, zoom } = this.#view;
    const step = 0.2 / zoom;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => this.#look({ x: x - step, y, zoom }),
      ArrowRight: () => this.#look({ x: x + step, y, zoom }),
      ArrowUp: () => this.#look({ x, y: y + step, zoom }),
      ArrowDown: () => this.#look({ x, y: y - step, zoom }),
      '+': () => this.#zoom(1.25),
      '=': () => this.#zoom(1.25),
      '-': () => this.#zoom(0.8),
      0: () => this.showWhole(),
      Enter: () => this.on.pressed(x, y),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
