// What a person does with the pictures by pointer, wheel and fingers: nearer,
// farther, and to the side.

/** @import { Camera } from './camera.js' */
/** @import { Stage } from './stage.js' */
import { panned, whole, zoomed } from './camera.js';

/** What a double click does. */
const leap = 3;

export class Gestures {
  /** The pointers that are down, where they were last. @type {Map<number, {x: number, y: number}>} */
  #down = new Map();

  /**
   * @param {Stage} stage
   * @param {(camera: Camera) => void} move takes every camera on the way
   */
  constructor(stage, move) {
    this.stage = stage;
    this.move = move;
    const { box } = stage.parts;
    this.box = box;
    box.addEventListener('pointerdown', (event) => this.#begin(event));
    box.addEventListener('pointermove', (event) => this.#drag(event));
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel', 'lostpointercapture'])) {
      box.addEventListener(end, (event) => this.#end(event));
    }
    box.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    box.addEventListener('dblclick', (event) => this.#leap(event));
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (event.button !== 0 || !this.#meant(event)) return;
    this.#down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.stage.camera.scale > 1 || this.#down.size > 1) {
      for (const id of this.#down.keys()) this.box.setPointerCapture(id);
    }
    if (this.stage.camera.scale > 1) this.box.dataset.held = '';
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const before = this.#down.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const others = [...this.#down].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    this.#down.set(event.pointerId, now);
    if (others.length > 1) return;
    const panel = this.#panel(others[0] ?? now);
    let { camera } = this.stage;
    if (others.length === 1) {
      const [still] = others;
      const away = (/** @type {{x: number, y: number}} */ at) => Math.max(1, Math.hypot(at.x - still.x, at.y - still.y));
      camera = zoomed(camera, away(now) / away(before), panel.x, panel.y);
      // The middle of two fingers moves half as far as one of them.
      camera = panned(camera, (now.x - before.x) / 2 / panel.width, (now.y - before.y) / 2 / panel.height);
    } else if (camera.scale > 1) {
      camera = panned(camera, (now.x - before.x) / panel.width, (now.y - before.y) / panel.height);
    }
    if (camera !== this.stage.camera) this.move(camera);
  }

  /** @param {PointerEvent} event */
  #end(event) {
    this.#down.delete(event.pointerId);
    if (this.#down.size === 0) delete this.box.dataset.held;
  }

  /** With Ctrl or ⌘, as pinching on a touchpad has it; without, the page scrolls. @param {WheelEvent} event */
  #wheel(event) {
    if (!(event.ctrlKey || event.metaKey) || !this.#meant(event)) return;
    event.preventDefault();
    const { x, y } = this.#panel({ x: event.clientX, y: event.clientY });
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const delta = Math.min(100, Math.max(-100, event.deltaY * lines));
    this.move(zoomed(this.stage.camera, Math.exp(-delta / 200), x, y));
  }

  /** @param {MouseEvent} event */
  #leap(event) {
    if (!this.#meant(event) || !this.stage.panelAt(event.clientX, event.clientY)) return;
    const { x, y } = this.#panel({ x: event.clientX, y: event.clientY });
    this.move(this.stage.camera.scale > 1 ? whole : zoomed(whole, leap, x, y));
  }

  /** Whether the pictures are meant, and not the film strip or a button. @param {MouseEvent} event */
  #meant(event) {
    const target = /** @type {Element} */ (event.target);
    return !target.closest('.notice, button, .track');
  }

  /** The panel at a point, or something like one. @param {{x: number, y: number}} at */
  #panel({ x, y }) {
    const { width, height } = this.box.getBoundingClientRect();
    return this.stage.panelAt(x, y) ?? { x: 0.5, y: 0.5, width: width / 2, height: height / 2 };
  }
}
