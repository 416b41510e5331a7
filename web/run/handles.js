// What moves the line between two runs: a slider over each picture that it goes
// through, of which one is for the keyboard. Only its thumb, the line, is touched,
// so that a picture can still be enlarged, moved and swiped beside it.

/** @import { Stage } from '../stage/stage.js' */
/** @import { Columns } from '../stage/columns.js' */
/** @import { Layout, Rect } from '../stage/layout.js' */
/** @import { View } from '../stage/views.js' */
import { say, text } from '../text/i18n.js';

/** CSS pixels that a thumb is wide, and that it may stand out beside a picture. */
const thumb = 44;
const beside = 12;

export class Handles {
  /** By view. @type {Map<View, {frame: HTMLElement, range: HTMLInputElement}>} */
  #handles = new Map();
  #words = { one: '', other: '' };

  /** @param {Stage} stage @param {(part: number, rests: boolean) => void} moved */
  constructor(stage, moved) {
    this.stage = stage;
    this.moved = moved;
    stage.watchers.push((layout, ratio) => this.#place(layout, ratio));
  }

  /** @param {{one: string, other: string}} words what the sides are called */
  call(words) {
    this.#words = words;
    this.#show();
  }

  /** @param {Layout & Partial<Columns>} layout @param {number} ratio device pixels per CSS pixel */
  #place({ panels }, ratio) {
    const { sides, views, wipe } = this.stage;
    for (const [view, { frame }] of this.#handles) frame.hidden = wipe === undefined || !views.includes(view);
    if (wipe === undefined) return;
    views.forEach((view, i) => put(this.#of(view).frame, panels[i * sides.length], ratio));
    this.#show();
  }

  /** @param {View} view */
  #of(view) {
    const known = this.#handles.get(view);
    if (known) return known;
    const frame = document.createElement('div');
    frame.className = 'wipe';
    const range = document.createElement('input');
    Object.assign(range, { type: 'range', min: '0', max: '100', step: '1', autocomplete: 'off' });
    frame.append(range);
    range.addEventListener('input', () => this.#move(Number(range.value) / 100, false));
    range.addEventListener('change', () => this.#move(Number(range.value) / 100, true));
    // What is done to the line is not done to the pictures, nor to the steps.
    for (const name of ['pointerdown', 'dblclick']) frame.addEventListener(name, (event) => event.stopPropagation());
    this.stage.parts.box.append(frame);
    const made = { frame, range };
    this.#handles.set(view, made);
    return made;
  }

  /** @param {number} part @param {boolean} rests */
  #move(part, rests) {
    this.moved(part, rests);
    this.#show();
  }

  #show() {
    const { views, wipe } = this.stage;
    if (wipe === undefined) return;
    const main = views.includes('x0') ? 'x0' : views[0];
    const percent = Math.round(wipe * 100);
    for (const [view, { range }] of this.#handles) {
      range.value = String(percent);
      range.tabIndex = view === main ? 0 : -1;
      if (view !== main) range.setAttribute('aria-hidden', 'true');
      else range.removeAttribute('aria-hidden');
      say(range, 'compare.line', {}, 'aria-label');
      range.setAttribute('aria-valuetext', text('compare.line.at', { percent, ...this.#words, rest: 100 - percent }));
    }
  }
}

/** @param {HTMLElement} frame @param {Rect} panel @param {number} ratio */
function put({ style }, { x, y, w, h }, ratio) {
  style.left = `${x / ratio - beside}px`;
  style.top = `${y / ratio}px`;
  style.width = `${w / ratio + 2 * beside}px`;
  style.height = `${h / ratio}px`;
  style.setProperty('--out', `${thumb / 2 - beside}px`);
}
