// The tools of the stage: nearer and farther, squares or smooth, and steps that
// come out of one another. What they are set to is in the address.

/** @import { Camera } from '../stage/camera.js' */
/** @import { Stage } from '../stage/stage.js' */
/** @import { ViewButtons } from '../stage/views.js' */
/** @import { Timeline } from './timeline.js' */
import { notch, panned, whole, zoomed } from '../stage/camera.js';
import { Gestures } from '../stage/gestures.js';
import { say } from '../text/i18n.js';
import { asked, note } from '../document/address.js';
import { allow, element, lessMotion, onClick } from '../document/elements.js';
import { Swipe } from './swipe.js';
import { askedCamera, noteCamera } from './viewstate.js';

/** How long after the last move the address is written. */
const calm = 250;
/** How far one press of a key moves the pictures, in parts of a panel. */
const stride = 0.1;

export class StageTools {
  #noting = 0;
  #still = lessMotion();

  /** @param {Stage} stage @param {Timeline} timeline @param {ViewButtons} views */
  constructor(stage, timeline, views) {
    this.stage = stage;
    this.timeline = timeline;
    new Gestures(stage, (camera) => this.move(camera));
    new Swipe(stage, timeline, views);
    onClick('tools-open', () => this.toggle());
    onClick('zoom-in', () => this.nearer());
    onClick('zoom-out', () => this.farther());
    onClick('zoom-whole', () => this.all());
    onClick('zoom-reset', () => {
      this.all();
      element('tools-open').focus();
    });
    onClick('smooth', () => this.toggleSmooth());
    onClick('fade', () => this.toggleFade());
    this.#still.addEventListener('change', () => this.#show());
    this.read();
  }

  /** Takes what the address asks for. */
  read() {
    this.timeline.fading = asked('fade') !== null;
    this.stage.look(askedCamera(), asked('smooth') !== null);
    this.#show();
  }

  toggle() {
    const open = element('tools').hidden;
    element('tools').hidden = !open;
    element('tools-open').setAttribute('aria-expanded', String(open));
  }

  nearer() {
    this.move(zoomed(this.stage.camera, notch));
  }

  farther() {
    this.move(zoomed(this.stage.camera, 1 / notch));
  }

  /** Everything is shown again. */
  all() {
    this.move(whole);
  }

  /** @param {number} x @param {number} y −1, 0 or 1 */
  pan(x, y) {
    this.move(panned(this.stage.camera, -x * stride, -y * stride));
  }

  /** @param {Camera} camera */
  move(camera) {
    const before = this.stage.camera.scale;
    this.stage.look(camera, this.stage.smooth);
    this.#show();
    clearTimeout(this.#noting);
    this.#noting = setTimeout(() => {
      noteCamera(this.stage.camera);
      if (this.stage.camera.scale !== before) say(element('live'), 'tools.level', { percent: this.#percent() });
    }, calm);
  }

  toggleSmooth() {
    this.stage.look(this.stage.camera, !this.stage.smooth);
    note({ smooth: this.stage.smooth ? '' : null });
    this.#show();
  }

  toggleFade() {
    if (this.#still.matches) return;
    this.timeline.fading = !this.timeline.fading;
    note({ fade: this.timeline.fading ? '' : null });
    this.#show();
  }

  #percent() {
    return Math.round(100 * this.stage.camera.scale);
  }

  #show() {
    const { camera, smooth } = this.stage;
    const near = camera.scale > 1;
    element('box').toggleAttribute('data-near', near);
    element('zoom-reset').hidden = !near;
    say(element('zoom-level'), 'tools.percent', { percent: this.#percent() });
    allow('zoom-out', near);
    allow('zoom-whole', near);
    element('smooth').setAttribute('aria-pressed', String(smooth));
    element('fade').setAttribute('aria-pressed', String(this.timeline.fading && !this.#still.matches));
    allow('fade', !this.#still.matches);
  }
}
