// A finger that goes sideways over the pictures. Where x_t or x̂0 is shown alone it
// turns from the one to the other, as pages are turned; on several pictures, which
// are all in sight, it goes through the steps, as on the timeline: to the right is
// later. Upwards and downwards the page scrolls, two fingers enlarge, and what is
// enlarged is moved.

/** @import { Stage } from '../stage/stage.js' */
/** @import { ViewButtons } from '../stage/views.js' */
/** @import { Timeline } from './timeline.js' */

/** CSS pixels that a finger moves before it means something. */
const slack = 8;
/** A step takes no more of the way than this, so that a few steps are near each other. */
const widest = 40;
/** CSS pixels that a finger goes to turn to the other picture. */
const leaf = 48;

export class Swipe {
  /** The fingers that are down. @type {Set<number>} */
  #down = new Set();
  /** The finger that may swipe: where it came down, and the step then. */
  #from = { id: -1, x: 0, step: 0 };
  #moving = false;

  /** @param {Stage} stage @param {Timeline} timeline @param {Pick<ViewButtons, 'turns' | 'turn'>} views */
  constructor(stage, timeline, views) {
    this.stage = stage;
    this.timeline = timeline;
    this.views = views;
    const { box } = stage.parts;
    box.addEventListener('pointerdown', (event) => this.#begin(event));
    box.addEventListener('pointermove', (event) => this.#move(event));
    // A finger stays with what it came down on, so there is nothing to capture.
    box.addEventListener('pointerup', (event) => this.#end(event));
    box.addEventListener('pointercancel', (event) => this.#end(event));
  }

  /** @param {PointerEvent} event */
  #begin({ pointerType, pointerId, clientX, target }) {
    if (pointerType !== 'touch') return;
    this.#down.add(pointerId);
    const { camera, clock } = this.stage;
    const goes = this.views.turns || clock.latest > 1;
    const meant = !(/** @type {Element} */ (target).closest('.notice, button, .track'));
    const alone = this.#down.size === 1 && camera.scale === 1 && goes;
    this.#from = { id: meant && alone ? pointerId : -1, x: clientX, step: clock.current };
    this.#moving = false;
  }

  /** @param {PointerEvent} event */
  #move({ pointerId, clientX }) {
    if (pointerId !== this.#from.id) return;
    const { box } = this.stage.parts;
    const way = clientX - this.#from.x;
    if (this.views.turns) return this.#turn(way);
    if (!this.#moving) {
      if (Math.abs(way) < slack) return;
      this.#moving = true;
      this.#from.x += Math.sign(way) * slack;
    }
    const { shape, latest } = this.stage.clock;
    const each = Math.min(widest, box.clientWidth / shape.steps);
    const step = this.#from.step + Math.round((clientX - this.#from.x) / each);
    this.timeline.scrub(Math.min(latest, Math.max(1, step)));
  }

  /** Turns once for each time that the finger comes down. @param {number} way that it has gone */
  #turn(way) {
    if (Math.abs(way) < leaf) return;
    this.#from.id = -1;
    this.views.turn(way < 0 ? 1 : -1);
  }

  /** @param {PointerEvent} event */
  #end({ pointerId }) {
    this.#down.delete(pointerId);
    if (pointerId === this.#from.id) this.#from.id = -1;
  }
}
