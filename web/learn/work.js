// The panel that looks into a step: every line of its arithmetic as a formula whose
// symbols are pictures, and the numbers of one pixel, down to its byte on the screen.
// The lines and their pictures come from the sampler; here they are set out.

/** @import { Host, Panel } from '../edit/extras.js' */
/** @import { Key } from '../text/i18n.js' */
/** @import { Product, Worked } from '../types.js' */
import { Refusal } from '../engine/crew.js';
import { asked, note } from '../document/address.js';
import { element } from '../document/elements.js';
import { isPaused, isRunning } from '../document/state.js';
import { rgba } from '../stage/colours.js';
import { en, zh } from '../text/learn.js';
import { language, learn, say, text } from '../text/i18n.js';
import { explain, sentences } from '../text/refusal.js';
import { courseOf, draw } from './course.js';
import { Derivation, names } from './derivation.js';
import { Lines } from './lines.js';
import { pixelAt } from './pixel.js';
import { short } from '../text/short.js';
import { mathOf, readingOf } from './symbols.js';

learn(en, zh);

/** Quantities that are drawn as pictures are; the others have two colours, or a middle grey for nothing. */
const plain = ['x', 'seen', 'shown', 'x0', 'sample', 'known', 'byte'];
/** What the readings of an answer are called. @type {Record<string, Key>} */
const named = { sample: 'work.x0', epsilon: 'work.reading.epsilon', score: 'work.reading.score', v_prediction: 'work.reading.v', flow_prediction: 'work.reading.flow' };
const key = (/** @type {string} */ of) => /** @type {Key} */ (`work.${of}`);

/** @template {keyof HTMLElementTagNameMap} T @param {T} name @param {string} [className] @param {(Node | string)[]} inside */
function made(name, className = '', ...inside) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...inside);
  return element;
}

/** A button with a sign, which its label explains, or with the label alone. @param {Key} label @param {string} [sign] */
function button(label, sign = '') {
  const button = made('button', 'button', sign);
  button.classList.add('square');
  button.type = 'button';
  if (sign) say(button, label, {}, 'aria-label');
  else say(button, label);
  return button;
}

/** A number to read: zeros at its end say that it goes on. All digits are in its title. @param {number} value @param {number} [digits] */
function number(value, digits = 5) {
  const short = Math.abs(Number(value.toPrecision(digits)) - value) <= 1e-12 * Math.abs(value);
  return value.toLocaleString(language(), { maximumSignificantDigits: digits, minimumSignificantDigits: short ? 1 : digits }).replace('-', '−');
}

/** @implements {Panel} */
class Work {
  /** What is looked at. */
  #at = { picture: 0, row: -1, column: -1, channel: 0 };
  /** Counts the questions, so that what comes late changes nothing. */
  #asks = 0;
  /** What was asked last, which is not asked twice. */
  #question = '';
  /** @type {Worked | undefined} */
  #worked;
  /** The pictures of the lines, and of which step they are. */
  #pictures = { of: '', bytes: new Uint8Array() };
  said = element('work-said');
  details = /** @type {HTMLDetailsElement} */ (element('work'));
  body = /** @type {HTMLElement} */ (this.details.querySelector('.inside'));
  step = made('output', 'when');
  back = button('work.before', '‹');
  on = button('work.after', '›');
  picture = made('select');
  channels = made('select');
  copy = button('work.copy');
  copied = made('p', 'hint');
  /** The numbers as text, where they cannot be copied. */
  plain = made('textarea', 'plain');
  pad = made('canvas');
  place = made('output', 'place');
  course = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  list = made('ol', 'lines');
  /** The network's answer, read as other predictions. */
  readingList = made('ol', 'lines');
  cost = made('p', 'hint');
  readings = made('section', 'readings');
  /** What is seen: every number, or a derivation. */
  depth = made('select');
  proof = made('ol', 'lines');
  derivation = new Derivation(this.proof, () => this.#ask());

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    this.#build();
    this.#read();
    addEventListener('popstate', () => {
      this.#read();
      this.#ask();
    });
    this.details.addEventListener('toggle', () => {
      note({ work: this.details.open ? this.#place : null });
      this.#ask();
    });
    const { box } = host.stage.parts;
    /** @type {{x: number, y: number} | undefined} */
    let down;
    box.addEventListener('pointerdown', ({ clientX: x, clientY: y }) => (down = { x, y }));
    box.addEventListener('pointerup', ({ clientX: x, clientY: y }) => {
      if (!down || Math.hypot(x - down.x, y - down.y) > 4 || !this.details.open) return;
      const at = pixelAt(host.stage, x, y);
      if (at) this.#choose({ ...this.#at, ...at });
    });
    this.#ask();
  }

  /** Takes the place and the derivation that the address asks for. */
  #read() {
    const derivation = asked('derive') ?? '';
    this.depth.value = names[derivation] ? derivation : '';
    const wish = (asked('work') ?? '').split(',').map(Number);
    if (wish.length > 1 && wish.every(Number.isInteger)) [this.#at.column, this.#at.row, this.#at.picture = 0, this.#at.channel = 0] = wish;
  }

  get #place() {
    const { picture, row, column, channel } = this.#at;
    if (column < 0) return '';
    return [column, row, ...(channel > 0 ? [picture, channel] : picture > 0 ? [picture] : [])].join(',');
  }

  fill() {
    this.#ask();
  }

  ended() {
    this.#ask();
  }

  moved() {
    this.#ask();
  }

  #build() {
    this.back.addEventListener('click', () => this.host.seek(this.host.stage.film.current - 1));
    this.on.addEventListener('click', () => this.host.seek(this.host.stage.film.current + 1));
    say(this.picture, 'work.picture', {}, 'aria-label');
    this.picture.addEventListener('change', () => this.#choose({ ...this.#at, picture: Number(this.picture.value) }));
    say(this.channels, 'work.channel', {}, 'aria-label');
    for (const [i, name] of /** @type {Key[]} */ (['work.red', 'work.green', 'work.blue']).entries()) {
      const option = new Option('', String(i));
      say(option, name);
      this.channels.append(option);
    }
    this.channels.addEventListener('change', () => this.#choose({ ...this.#at, channel: Number(this.channels.value) }));
    say(this.depth, 'derive.depth', {}, 'aria-label');
    for (const [name, key] of [/** @type {[string, Key]} */ (['', 'derive.none']), ...Object.entries(names)]) {
      const option = new Option('', name);
      say(option, key);
      this.depth.append(option);
    }
    this.depth.addEventListener('change', () => {
      note({ derive: this.depth.value || null });
      this.#ask();
    });
    this.copy.addEventListener('click', () => void this.#copy());
    this.copied.setAttribute('role', 'status');
    Object.assign(this.plain, { readOnly: true, rows: 8, hidden: true });
    say(this.plain, 'work.copy', {}, 'aria-label');
    this.pad.tabIndex = 0;
    this.pad.setAttribute('role', 'application');
    this.pad.addEventListener('keydown', (event) => this.#pressed(event));
    this.course.setAttribute('role', 'img');
    const [name, hint] = [made('p', 'hint'), made('p', 'hint')];
    say(name, 'work.course.name');
    const title = made('h3');
    say(title, 'work.readings');
    this.readings.append(title, this.cost, this.readingList);
    say(hint, 'work.hint');
    const head = made('div', 'head', this.depth, made('div', 'together', this.back, this.step, this.on), this.picture, this.channels);
    const side = made('div', 'chooser', this.#pressable(this.pad), this.place, name, this.course, this.copy, this.copied);
    this.body.append(hint, head, made('div', 'both', side, made('div', 'column', this.list, this.readings), this.proof), this.plain);
  }

  /** A picture in which a pixel can be pressed, and is marked. @param {HTMLCanvasElement} canvas */
  #pressable(canvas) {
    const frame = made('div', 'frame', canvas, made('i'));
    frame.addEventListener('click', ({ clientX, clientY }) => {
      if (!this.#worked) return;
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const factor = this.#factor;
      const column = Math.floor(((clientX - left) / width) * canvas.width) * factor;
      const row = Math.floor(((clientY - top) / height) * canvas.height) * factor;
      this.#choose({ ...this.#at, row, column });
    });
    return frame;
  }

  /** How many pixels of the stage's picture one of the lines is wide: more than one in the first stage of a cascade. */
  get #factor() {
    return this.#worked ? this.host.stage.film.shape.height / this.#worked.height : 1;
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const far = (event.shiftKey ? 4 : 1) * this.#factor;
    const by = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far] }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    this.#choose({ ...this.#at, column: this.#at.column + by[0], row: this.#at.row + by[1] });
  }

  /** @param {{picture: number, row: number, column: number, channel: number}} at */
  #choose(at) {
    const { shape } = this.host.stage.film;
    const within = (/** @type {number} */ value, /** @type {number} */ most) => Math.max(0, Math.min(most - 1, value));
    this.#at = { picture: within(at.picture, shape.images), row: within(at.row, shape.height), column: within(at.column, shape.width), channel: within(at.channel, shape.channels) };
    if (this.details.open) note({ work: this.#place });
    this.#ask();
  }

  /** Asks for what the stage shows, unless that is here. */
  #ask() {
    if (!this.details.open) return;
    const { film } = this.host.stage;
    const recipe = this.host.recipe();
    const ready = recipe !== '' && film.current > 0 && !film.noised;
    if (!ready || (isRunning() && !isPaused())) {
      if (!this.#worked || !ready) this.body.hidden = true;
      return say(this.said, film.noised ? 'work.noised' : isRunning() ? 'work.running' : 'work.none');
    }
    const { shape } = film;
    if (this.#at.row < 0) [this.#at.row, this.#at.column] = [shape.height >> 1, shape.width >> 1];
    this.#at.picture = Math.min(this.#at.picture, shape.images - 1);
    this.#at.row = Math.min(this.#at.row, shape.height - 1);
    this.#at.column = Math.min(this.#at.column, shape.width - 1);
    this.#at.channel = Math.min(this.#at.channel, shape.channels - 1);
    void this.#look(recipe, film.current);
  }

  /** @param {string} recipe @param {number} step */
  async #look(recipe, step) {
    const of = [recipe, step, this.#at.picture].join(' ');
    const { value: derivation } = this.depth;
    this.derivation.choose(derivation);
    const { edits } = this.derivation;
    const question = [of, ...Object.values(this.#at), derivation, JSON.stringify(edits)].join(' ');
    if (question === this.#question) return;
    this.#question = question;
    const wish = ++this.#asks;
    const drawn = this.#pictures.of !== of;
    const about = { recipe, ...this.host.inputs.of(recipe), step, ...this.#at };
    try {
      const worked = await this.host.engine.work({ ...about, drawn });
      if (wish !== this.#asks) return;
      if (drawn) this.#pictures = { of, bytes: worked.pictures };
      this.#worked = worked;
      say(this.said, '');
      this.body.hidden = false;
      this.#show(worked);
      this.list.hidden = this.readings.hidden = derivation !== '';
      this.readings.hidden ||= worked.readings.length === 0;
      this.proof.hidden = derivation === '';
      if (derivation === '') return;
      const derived = await this.host.engine.derive({ ...about, derivation, edits });
      if (wish === this.#asks) this.derivation.show(derived);
    } catch (error) {
      if (wish !== this.#asks) return; // a later question has taken its place
      this.#question = '';
      if (!(error instanceof Refusal)) return say(this.said, 'work.fail');
      await sentences();
      explain(this.said, error);
    }
  }

  /** @param {Worked} worked */
  #show(worked) {
    this.details.dispatchEvent(new CustomEvent('worked', { detail: worked }));
    const lines = new Lines(worked);
    const { shape } = this.host.stage.film;
    const { step, steps, row, column } = worked;
    say(this.step, 'work.step', { step, steps });
    this.back.disabled = step <= 1;
    this.on.disabled = step >= this.host.stage.film.latest;
    this.#offerPictures(shape.images);
    this.channels.hidden = shape.channels !== 3;
    this.channels.value = String(this.#at.channel);
    const last = worked.lines.length - 1;
    this.#paint(this.pad, last);
    const value = worked.lines[last].value;
    // On the stage, where the pictures of a first stage are larger.
    const at = { column: this.#at.column, row: this.#at.row };
    say(this.place, 'work.pixel', at);
    say(this.pad, 'work.pixel.keys', { ...at, value }, 'aria-label');
    this.#showCourse(shape);
    this.plain.value = lines.text();
    this.list.replaceChildren(...lines.shown.map((i) => this.#line(lines, i)));
    this.#showReadings(worked);
    for (const mark of this.body.querySelectorAll('.frame > i')) {
      const canvas = /** @type {HTMLCanvasElement} */ (mark.previousElementSibling);
      const [w, h] = [100 / canvas.width, 100 / canvas.height];
      Object.assign(/** @type {HTMLElement} */ (mark).style, { left: `${column * w}%`, top: `${row * h}%`, width: `${w}%`, height: `${h}%` });
    }
  }

  /** @param {number} images */
  #offerPictures(images) {
    this.picture.hidden = images < 2;
    if (this.picture.options.length !== images) {
      const options = Array.from({ length: images }, (_, i) => new Option('', String(i)));
      options.forEach((option, i) => say(option, 'work.picture.n', { n: i + 1 }));
      this.picture.replaceChildren(...options);
    }
    this.picture.value = String(this.#at.picture);
  }

  /** @param {import('../types.js').RunShape} shape */
  #showCourse(shape) {
    const { film } = this.host.stage;
    const { picture, row, column, channel } = this.#at;
    const course = courseOf(film, picture, (row * shape.width + column) * shape.channels + channel);
    draw(this.course, course, shape.steps, film.current);
    const [first] = course;
    if (first) say(this.course, 'work.course', { last: course[course.length - 1].xt, first: first.x0 }, 'aria-label');
  }

  /** @param {HTMLCanvasElement} canvas @param {number} i of a line */
  #paint(canvas, i) {
    const { width, height, channels, lines, readings } = /** @type {Worked} */ (this.#worked);
    Object.assign(canvas, { width, height });
    const size = width * height * channels;
    const bytes = this.#pictures.bytes.subarray(i * size, (i + 1) * size);
    canvas.getContext('2d')?.putImageData(rgba(bytes, width, height, channels, plain.includes(lines[i]?.of ?? readings[i - lines.length].kind) ? 'xt' : 'epsilon'), 0, 0);
  }

  /** The network's answer, read as each of the predictions that it stands for. @param {Worked} worked */
  #showReadings({ readings, lines, seen }) {
    const [clean, ...others] = readings;
    if (!clean) return;
    const of = (/** @type {number} */ i) => this.#picture(lines.length + i, readingOf(readings[i].kind), readings[i].value, text(named[readings[i].kind]));
    this.readingList.replaceChildren(...others.map(({ kind, state, output, over, apart, weight }, i) => {
      const terms = [...(state === 1 ? [] : [constant(state)]), this.#picture(seen, mathOf({ letter: 'x', index: '', primes: 0 }, 0), lines[seen].value, text('work.seen')), sign(output < 0 ? '−' : '+'), ...(Math.abs(output) === 1 ? [] : [constant(Math.abs(output))]), of(i + 1)];
      const sum = over === 1 ? terms : [sign('('), ...terms, sign(') ÷ '), constant(over)];
      const what = made('p', 'what');
      say(what, named[kind]);
      const says = made('p', 'hint');
      say(says, weight > 0 ? 'work.reading.weight' : 'work.reading.apart', { apart: () => short(apart), weight: () => number(weight) });
      return made('li', '', what, made('div', 'formula', of(0), sign('='), ...sum), says);
    }));
    say(this.cost, clean.weight > 0 ? 'work.reading.cost' : '', { weight: () => number(clean.weight) });
  }

  /** One line as a formula. @param {Lines} lines @param {number} i */
  #line(lines, i) {
    const line = lines.worked.lines[i];
    const what = made('p', 'what');
    say(what, key(`do.${lines.does(i)}`));
    if (line.left) {
      const left = made('span', 'left');
      say(left, 'work.left');
      what.append(' · ', left);
    }
    const item = made('li', line.left ? 'away' : '', what, made('div', 'formula', this.#figure(lines, i), sign('='), ...this.#sum(lines, i)));
    return item;
  }

  /** What a line computes. @param {Lines} lines @param {number} i @returns {Node[]} */
  #sum(lines, i) {
    const { rule, over, terms } = lines.worked.lines[i];
    const inner = terms.flatMap((term, k) => this.#product(lines, term, k === 0));
    const bound = () => constant(over);
    switch (rule) {
      case 'clip':
        return [sign('clip('), ...inner, sign(', ±'), bound(), sign(')')];
      case 'scale':
        return [sign('clip('), ...inner, sign(', ±'), bound(), sign(') ÷ '), bound()];
      case 'exp':
        return [sign('exp(½ ('), ...inner, sign('))')];
      case 'root':
        return [sign('√('), ...inner, sign(')')];
      case 'round':
        return [sign('round('), ...inner, sign(')')];
    }
    return over === 1 ? inner : [sign('('), ...inner, sign(') ÷ '), bound()];
  }

  /** @param {Lines} lines @param {Product} term @param {boolean} first @returns {Node[]} */
  #product(lines, { factor, line, by }, first) {
    const minus = factor < 0;
    const size = Math.abs(factor);
    const before = first ? (minus ? [sign('−')] : []) : [sign(minus ? '−' : '+')];
    const of = [by, line].filter((at) => at >= 0).map((at) => this.#figure(lines, lines.same[at]));
    return [...before, ...(size === 1 && of.length > 0 ? [] : [constant(size)]), ...of];
  }

  /** A picture as a symbol, with the number of the pixel. @param {Lines} lines @param {number} i */
  #figure(lines, i) {
    const { of, back, value, t, deep, rule } = lines.worked.lines[i];
    const name = [text(key(of))];
    if (back > 0) name.push(text('work.ago', { n: back }));
    if (rule === 'given' && t > 0) name.push(text('work.told', { t: number(t) }));
    if (deep > 0) name.push(text('work.deep', { n: deep }));
    const figure = this.#picture(i, mathOf(lines.symbols[i], back), value, name.join(', '));
    figure.dataset.line = String(i);
    for (const type of ['pointerenter', 'pointerleave']) {
      figure.addEventListener(type, () => {
        for (const same of this.list.querySelectorAll(`[data-line="${i}"]`)) same.toggleAttribute('data-on', type === 'pointerenter');
      });
    }
    return figure;
  }

  /** A picture with its symbol and the number of the pixel. @param {number} i of the picture @param {string} symbol @param {number} value @param {string} name */
  #picture(i, symbol, value, name) {
    const canvas = made('canvas');
    this.#paint(canvas, i);
    const math = document.createElementNS('http://www.w3.org/1998/Math/MathML', 'math');
    math.innerHTML = symbol;
    const figure = made('figure', '', this.#pressable(canvas), made('figcaption', '', math, made('b', '', number(value))));
    figure.title = `${name}: ${value}`;
    return figure;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.plain.value);
      say(this.copied, 'work.copied');
    } catch {
      // Pages without a secure origin have no clipboard; the keys do.
      this.plain.hidden = false;
      this.plain.focus();
      this.plain.select();
      say(this.copied, 'work.uncopied');
    }
  }
}

/** @param {string} mark */
function sign(mark) {
  return made('span', 'sign', mark);
}

/** A coefficient, all digits of which are in its title. @param {number} value */
function constant(value) {
  const shown = made('span', 'factor', number(value, 4));
  shown.title = String(value);
  return shown;
}

/** @param {Host} host @returns {Panel} */
export function panel(host) {
  return new Work(host);
}
