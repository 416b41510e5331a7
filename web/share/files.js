// Files of what was drawn: what they look like and how large they will be, before
// they are saved.

/** @import { Taken } from './share.js' */
/** @import { Facts, Kind } from './takes.js' */
import { demo, demoSize } from '../files/demo.js';
import { DownloadError } from '../load/download.js';
import { learn, say, seconds } from '../text/i18n.js';
import { withoutStop } from '../load/loader.js';
import { animation, animationSize, filmFacts, finalPicture, frames, strip, trace, traceSize, zooms } from '../files/pictures.js';
import { png } from '../files/png.js';
import { element, lessMotion } from '../document/elements.js';
import { hasEncoders, NoEncoderError, video } from '../files/video.js';
import { en, zh } from '../text/save.js';
import { Take, kinds, sized } from './takes.js';

/** How often a picture can be enlarged. */
const scales = [1, 4, 8, 16];
const usualScale = 8;
/** Of a film, beside as fast as is usual. */
const speeds = [0.5, 1, 2];
/** Pixels of a picture that is packed only to see how large it gets. */
const mostMeasured = 1 << 23;
/** Milliseconds of a step in the small films. */
const pace = 100;

export class Files {
  #cancelled = false;
  #busy = false;
  /** Counts what is measured: what is out of date ends. */
  #round = 0;
  /** @type {Map<Kind, Take>} */
  #takes = new Map();

  /** @param {Taken} taken */
  constructor({ stage, made, take }) {
    learn(en, zh);
    this.stage = stage;
    this.made = made;
    this.panel = element('share-files-panel');
    const list = document.createElement('ul');
    list.className = 'takes';
    for (const kind of kinds.filter(({ kind }) => kind !== 'video' || hasEncoders())) {
      const row = new Take(kind);
      this.#takes.set(kind.kind, row);
      list.append(row.row);
      row.listen(() => void this.#measure());
      row.button.addEventListener('click', () => {
        if (row.button.getAttribute('aria-disabled') !== 'true') void this.#write(row, this.#maker(kind.kind, row));
      });
    }
    this.panel.replaceChildren(list, this.#progressRow(), opener(take));
    element('share').addEventListener('close', () => {
      this.#cancelled = true;
      this.#round++;
    });
  }

  /** Shows what can be saved now. */
  async show() {
    const { film, views } = this.stage;
    const { usual, all } = zooms(film);
    for (const [kind, row] of this.#takes) {
      row.offer('scale', kind === 'picture' ? scales : all, kind === 'picture' ? usualScale : usual);
      row.offer('speed', speeds, 1);
      row.allow(film.complete);
    }
    this.#takes.get('strip')?.show(strip(film, views, 1));
    for (const kind of /** @type {const} */ (['picture', 'demo', 'trace'])) this.#takes.get(kind)?.show(finalPicture(film, 1));
    await this.#measure();
  }

  /** Says of each file how large it is, one after the other, and plays the small films. */
  async #measure() {
    const round = ++this.#round;
    const wanted = () => round === this.#round && !this.panel.hidden;
    const { film } = this.stage;
    if (!film.complete) {
      for (const row of this.#takes.values()) row.tell([['save.whole']]);
      return this.#play(wanted);
    }
    for (const [kind, row] of this.#takes) row.tell(this.#known(kind, row, kind === 'video' ? [] : [['save.measuring']]));
    this.#play(wanted);
    for (const [kind, row] of this.#takes) {
      const size = await this.#size(kind, row, wanted);
      if (!wanted()) return;
      row.tell(this.#known(kind, row, size));
    }
  }

  /** What is known at once. @param {Kind} kind @param {Take} row @param {Facts} size @returns {Facts} */
  #known(kind, row, size) {
    const { film, views } = this.stage;
    if (kind === 'picture' || kind === 'strip') {
      const { width, height } = kind === 'picture' ? finalPicture(film, 1) : strip(film, views);
      const scale = kind === 'picture' ? row.chosen('scale') : 1;
      return [['save.pixels', { w: width * scale, h: height * scale }], ...size];
    }
    if (kind === 'demo' || kind === 'trace') return size;
    const { width, height, time } = filmFacts(film, views, { zoom: row.chosen('scale'), speed: row.chosen('speed') });
    return [['save.film', { w: width, h: height, time: () => seconds(time) }], ...size];
  }

  /** @param {Kind} kind @param {Take} row @param {() => boolean} wanted @returns {Promise<Facts>} */
  async #size(kind, row, wanted) {
    const { film, views } = this.stage;
    const { recipe, whole, sha256, weights, own } = this.made();
    const exact = (/** @type {number} */ n) => /** @type {Facts} */ ([['save.size', { size: () => sized(n) }]]);
    const about = (/** @type {number | undefined} */ n) => /** @type {Facts} */ (n ? [['save.about', { size: () => sized(n, true) }]] : []);
    switch (kind) {
      case 'picture':
        return this.#pictureSize(row.chosen('scale')).then(({ size, whole }) => (whole ? exact(size) : about(size)));
      case 'strip':
        return exact((await png(strip(film, views), whole)).size);
      case 'animation':
        return about(await animationSize(film, views, row.chosen('scale'), wanted));
      case 'video':
        return []; // which only its encoder knows
      case 'trace':
        return exact(traceSize(film, recipe, sha256));
      case 'demo':
        return about(demoSize(weights, own?.entries));
    }
  }

  /** Of very large pictures smaller ones tell: rows that are repeated cost little. @param {number} scale */
  async #pictureSize(scale) {
    const { film } = this.stage;
    const { whole } = this.made();
    const { width, height } = finalPicture(film, 1);
    const fitting = scales.filter((each) => each <= scale && width * height * each ** 2 <= mostMeasured);
    const sizes = [];
    const measured = fitting.includes(scale) ? [scale] : fitting.slice(-2);
    for (const each of measured) sizes.push((await png(finalPicture(film, each), whole)).size);
    if (measured[0] === scale) return { size: sizes[0], whole: true };
    const [before = 1, last = before] = measured;
    const slope = sizes.length === 2 ? (sizes[1] - sizes[0]) / (last - before) : 0;
    return { size: (sizes.at(-1) ?? 0) + slope * (scale - last), whole: false };
  }

  /** The small films go through their steps once. @param {() => boolean} wanted */
  #play(wanted) {
    const { film, views } = this.stage;
    const { count, draw } = frames(film, views, 1);
    for (const kind of /** @type {const} */ (['animation', 'video'])) {
      const row = this.#takes.get(kind);
      if (!row) continue;
      row.show(draw(count - 1));
      if (lessMotion().matches) continue;
      const start = performance.now();
      const tick = (/** @type {number} */ now) => {
        if (!wanted()) return;
        const at = Math.min(count - 1, Math.max(0, Math.floor(((now - start) * row.chosen('speed')) / pace)));
        row.show(draw(at));
        if (at < count - 1) requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    }
  }

  /** What makes a file. @param {Kind} kind @param {Take} row @returns {{ending: string, make: () => Promise<Blob | undefined>}} */
  #maker(kind, row) {
    const { film, views } = this.stage;
    const { made } = this;
    const progress = (/** @type {number} */ part) => this.#progress(part);
    const choices = { zoom: row.chosen('scale'), speed: row.chosen('speed') };
    switch (kind) {
      case 'picture':
        return { ending: 'png', make: () => png(finalPicture(film, choices.zoom), made().whole) };
      case 'strip':
        return { ending: 'strip.png', make: () => png(strip(film, views), made().whole) };
      case 'animation':
        return { ending: 'gif', make: () => animation(film, views, made().recipe, progress, choices) };
      case 'video':
        return { ending: '', make: () => video(film, views, made().recipe, progress, choices) };
      case 'trace':
        return { ending: 'safetensors', make: async () => trace(film, made().recipe, made().sha256) };
      case 'demo':
        return { ending: 'html', make: () => demo(made(), progress) };
    }
  }

  /** @param {Take} row @param {{ending: string, make: () => Promise<Blob | undefined>}} what ending: '' for that of the file's type */
  async #write(row, { ending, make }) {
    if (this.#busy) return;
    this.#busy = true;
    this.#cancelled = false;
    row.row.append(element('save-progress'));
    const { name } = this.made();
    say(element('share-said'), '');
    let file;
    try {
      file = await make();
    } catch (error) {
      if (error instanceof DownloadError) {
        const { file: lacking, status, reason } = error;
        return say(element('share-said'), reason, { file: lacking, status });
      }
      if (error instanceof NoEncoderError) return say(element('share-said'), 'save.novideo');
      return say(element('share-said'), 'save.failed', { detail: error instanceof Error ? withoutStop(error.message) : '' });
    } finally {
      this.#busy = false;
      element('save-progress').hidden = true;
    }
    if (!file) return say(element('share-said'), 'save.cancelled');
    const { size } = file;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = `${name}.${ending || file.type.split('/')[1]}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    say(element('share-said'), 'save.saved', { file: link.download, size: () => sized(size) });
  }

  /** How far a file is, with a button that ends it; it stands in the row of that file. */
  #progressRow() {
    const row = document.createElement('div');
    Object.assign(row, { className: 'row', id: 'save-progress', hidden: true });
    const bar = document.createElement('progress');
    Object.assign(bar, { id: 'save-bar', value: 0, max: 1 });
    say(bar, 'save.bar', {}, 'aria-label');
    const cancel = document.createElement('button');
    Object.assign(cancel, { type: 'button', id: 'save-cancel' });
    cancel.className = 'button square';
    say(cancel, 'run.cancel');
    cancel.addEventListener('click', () => (this.#cancelled = true));
    row.append(bar, cancel);
    return row;
  }

  /** @param {number} part */
  #progress(part) {
    element('save-progress').hidden = false;
    /** @type {HTMLProgressElement} */ (element('save-bar')).value = part;
    return !this.#cancelled;
  }
}

/** The way back: a saved picture is chosen. @param {(file: File) => void} take */
function opener(take) {
  const field = document.createElement('div');
  field.className = 'upload';
  const label = document.createElement('label');
  label.className = 'button square';
  const word = document.createElement('span');
  say(word, 'save.again');
  const input = document.createElement('input');
  Object.assign(input, { type: 'file', id: 'save-file', accept: 'image/png', className: 'unseen' });
  input.setAttribute('aria-describedby', 'save-file-hint');
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) take(file);
    input.value = '';
  });
  label.append(input, word);
  const hint = document.createElement('p');
  Object.assign(hint, { className: 'hint', id: 'save-file-hint' });
  say(hint, 'save.again.hint');
  field.append(label, hint);
  return field;
}
