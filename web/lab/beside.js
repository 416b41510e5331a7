// A second model beside the first, which differs in one choice: it has its own worker and its own
// stage. Both are seen from the same place, at the same time and after as much training.
//
// In the address: ?against=k:heun names the key and its second value.

/** @import { Started } from './messages.js' */
/** @import { Failure, Heard } from './engine.js' */
/** @import { Take } from './film.js' */
/** @import { Scene, Window } from './scene.js' */
import { asked, note } from '../document/address.js';
import { element, onClick } from '../document/elements.js';
import { recipeText } from '../engine/fields.js';
import { say } from '../text/i18n.js';
import { explain, sentences } from '../text/refusal.js';
import { Chosen } from './chosen.js';
import { presetName } from './controls.js';
import { compose } from './compose.js';
import { Course } from './course.js';
import { Engine } from './engine.js';
import { Film, momentAt, numbers, taken, timeAt } from './film.js';
import { Looks, lastTime } from './looks.js';
import { Stage } from './stage.js';

/** Points of the data that are shown. */
const shownData = 1500;

/** @typedef {Omit<Parameters<typeof compose>[0], 'window'>} Known */

/**
 * @typedef {object} Wishes
 * @property {() => Started | undefined} started what the first has told of itself
 * @property {() => {take: Take | undefined, moment: number, t: number | undefined}} shown of the first
 * @property {() => Known} known what the stage of the first is made of
 * @property {() => void} changed the second has come further, or is gone
 * @property {() => void} judged what the second is worth is known
 * @property {(view: {x: number, y: number, zoom: number}) => void} viewed it is seen from elsewhere
 * @property {(x: number, y: number) => void} pressed a point of the plane
 */

export class Beside {
  /** @type {Engine | undefined} */
  #engine;
  #film = new Film();
  course = new Course();
  /** @type {Stage | undefined} */
  #stage;
  /** @type {Chosen | undefined} */
  #chosen;
  /** @type {import('./looks.js').Looks | undefined} */
  #looks;
  /** @type {Known['data']} */
  #data;
  #over = true;
  /** Whether what is asked of noisy points has an answer. */
  #sees = false;
  #renewed = false;
  #key = /** @type {HTMLSelectElement} */ (element('against-key'));
  #choice = /** @type {HTMLSelectElement} */ (element('against-choice'));
  #number = /** @type {HTMLInputElement} */ (element('against-number'));

  /** @param {Wishes} wishes */
  constructor(wishes) {
    this.wishes = wishes;
    this.#key.addEventListener('change', () => {
      this.#offerValue();
      this.#turned();
    });
    for (const control of [this.#choice, this.#number]) control.addEventListener('change', () => this.#turned());
    onClick('against-on', () => {
      note({ against: this.on ? null : `${this.#key.value}:${this.#value}` });
      this.read();
    });
    addEventListener('popstate', () => this.read());
  }

  /** The key and the second value, as the address has them. @returns {[string, string] | undefined} */
  get #wish() {
    const [key = '', ...value] = (asked('against') ?? '').split(':');
    return key ? [key, value.join(':')] : undefined;
  }

  get on() {
    return this.#wish !== undefined;
  }

  /** What it has drawn last, and what that is worth once it came to its end. */
  get model() {
    return { take: this.#film.last, measures: this.#over ? this.course.end?.measures : undefined };
  }

  /** The second value that is offered. */
  get #value() {
    return (this.#choice.hidden ? this.#number : this.#choice).value.trim();
  }

  /** The step up to which both have come. */
  get step() {
    return this.on && !this.#over ? (this.#film.last?.step ?? 0) : Infinity;
  }

  /** Another second value is wanted. */
  #turned() {
    if (!this.on) return;
    note({ against: `${this.#key.value}:${this.#value}` });
    this.read();
  }

  /** Takes what the address asks for. */
  read() {
    const started = this.wishes.started();
    if (started) this.begin(started);
  }

  /** The first has begun: so does the second. @param {Started} started */
  begin(started) {
    const wish = this.#wish;
    this.offer(started);
    document.documentElement.toggleAttribute('data-beside', this.on);
    for (const id of ['beside', 'what', 'what-beside', 'worth-key', 'worth-first', 'worth-second']) element(id).hidden = !this.on;
    element('worth-alone').hidden = this.on;
    element('against-on').setAttribute('aria-pressed', String(this.on));
    if (!wish) return this.#end();
    const [key, value] = wish;
    const entries = new Map(new URLSearchParams(started.recipe));
    if (key === 'd') for (const other of ['gauss', 'c']) entries.delete(other); // of the first's data alone
    entries.set(key, value);
    this.#name(started, key, value);
    const fresh = !this.#engine;
    const engine = (this.#engine ??= new Engine((message) => this.#hear(message)));
    const drawn = () => this.#stage?.ask();
    if (fresh) [this.#chosen, this.#looks] = [new Chosen(engine, drawn), new Looks(engine, drawn)];
    this.#build();
    this.#over = false;
    this.#renewed = true;
    this.course.forget();
    this.#chosen?.choose(undefined);
    this.#looks?.begin(true);
    engine.train(recipeText(entries), { again: fresh || started.step === 0 });
  }

  /** Says what the two are. @param {Started} started @param {string} key @param {string} value */
  #name({ fields }, key, value) {
    const first = fields.find((field) => field.key === key)?.value ?? '';
    const name = () => labelOf(key);
    const values = { name, value: () => wordOf(key, first) };
    say(element('what'), 'lab.beside.what', values);
    say(element('what-beside'), 'lab.beside.what', { name, value: () => wordOf(key, value) });
    element('what-beside').classList.remove('wrong');
    say(element('plane-title-beside'), 'lab.beside.plane', { name, value: () => wordOf(key, value) });
    say(element('worth-name'), 'lab.beside.one', { name });
    say(element('worth-first').children[0], 'lab.beside.one', { name: values.value });
    say(element('worth-second').children[0], 'lab.beside.one', { name: () => wordOf(key, value) });
  }

  #build() {
    this.#stage ??= new Stage(element('beside'), /** @type {HTMLCanvasElement} */ (element('canvas-beside')), {
      scene: (window) => this.#scene(window),
      pressed: (x, y) => this.wishes.pressed(x, y),
      over: () => {},
      left: () => {},
      viewed: () => this.#stage && this.wishes.viewed(this.#stage.view),
    });
  }

  /** The take that is as far in its training as the first's. */
  #take() {
    const { take } = this.wishes.shown();
    return take && this.#film.takes.length > 0 ? (this.#over && take.whole ? this.#film.last : this.#film.at(take.step)) : this.#film.last;
  }

  /** @param {Window} window @returns {Scene} */
  #scene(window) {
    const known = this.wishes.known();
    const { moment, take: first } = this.wishes.shown();
    const take = this.#take();
    const at = first && take && moment > 0 && moment < 1 ? momentAt(take, timeAt(first, moment)) : moment;
    const chosen = this.#chosen?.shapes(known.layers, () => false) ?? known.chosen;
    return compose({ ...known, window, take, moment: at, data: this.#data, heat: this.#looks?.heat, scored: take === this.#film.last ? this.#looks?.scored : undefined, chosen });
  }

  /** Has it seen from where the other is. @param {{x: number, y: number, zoom: number}} view */
  see(view) {
    if (this.#stage) this.#stage.view = view;
  }

  #asking = false;
  #stale = false;

  /** Draws soon, and asks for what is missing: one thing at a time, the newest wish last. */
  async ask() {
    if (!this.on || !this.#stage) return;
    this.#stage.ask();
    this.#stale = true;
    if (this.#asking) return;
    this.#asking = true;
    while (this.#stale) {
      this.#stale = false;
      const take = this.#take();
      if (!take || take !== this.#film.last || !this.#sees) continue;
      const [{ layers }, { t }] = [this.wishes.known(), this.wishes.shown()];
      await this.#looks?.look(layers, t === undefined ? -1 : Math.min(lastTime, t), this.#stage, take);
      await this.#chosen?.look(take, layers, t);
    }
    this.#asking = false;
  }

  /** @param {import('./chosen.js').Place | undefined} place */
  choose(place) {
    this.#chosen?.choose(place);
    void this.ask();
  }

  /** Steers its training as the first's. @param {'pause' | 'resume' | 'step'} type */
  steer(type) {
    if (this.on) this.#engine?.steer(type);
  }

  /** @param {Heard} message */
  #hear(message) {
    if (message.type === 'started') {
      this.#sees = message.sees;
      this.course.begin(message.step);
      void this.#bring(message.recipe);
    }
    if (message.type === 'progress') this.course.progress(message);
    if (message.type === 'measured') this.course.judge(message);
    if (message.type === 'snapshot') {
      if (this.#renewed) this.#film.clear();
      this.#renewed = false;
      this.#film.add(taken(message));
    }
    if (message.type === 'done') this.#over = true;
    if (message.type === 'failed') void this.#fail(message);
    if (message.type === 'measured') this.wishes.judged();
    if (message.type === 'snapshot' || message.type === 'done') {
      this.wishes.changed();
      void this.ask();
    }
  }

  /** Points of its data. @param {string} recipe */
  async #bring(recipe) {
    const answer = await this.#engine?.ask(/** @type {const} */ ({ type: 'sample', recipe, points: shownData })).catch(() => undefined);
    if (answer?.type !== 'sampled') return;
    this.#data = { points: numbers(answer.points), classes: answer.classes };
    this.#stage?.ask();
  }

  /** @param {Failure} failure */
  async #fail(failure) {
    this.#over = true;
    const place = element('what-beside');
    place.classList.add('wrong');
    if (failure.gone) return say(place, 'lab.lost');
    if (failure.diverged || failure.blank) return say(place, failure.diverged ? 'lab.diverged' : 'lab.blank');
    this.#film.clear();
    this.course = new Course();
    this.#stage?.ask();
    await sentences();
    explain(place, failure, () => labelOf(failure.key ?? ''), this.#fields.find(({ key }) => key === failure.key));
    this.wishes.changed();
  }

  /** Its worker ends: it holds memory. */
  #end() {
    this.#engine?.end();
    this.#engine = undefined;
    this.#film.clear();
    this.course = new Course();
    this.#over = true;
    this.#chosen = this.#looks = undefined;
  }

  /** Offers what may differ, in the page's language. @param {Started} started */
  offer({ fields }) {
    const [wished = this.#key.value || 'k', value] = this.#wish ?? [];
    const keys = fields.filter(({ key, kind, choices }) => key !== 'h' && labelOf(key) && (kind !== 'choice' || choices.length > 1));
    this.#key.replaceChildren(...keys.map(({ key }) => new Option(labelOf(key), key)));
    this.#key.value = keys.some(({ key }) => key === wished) ? wished : (keys[0]?.key ?? '');
    this.#fields = fields;
    this.#offerValue(this.#key.value === wished ? value : undefined);
  }

  /** @type {Started['fields']} */
  #fields = [];

  /** Offers second values of the key, and chooses one. @param {string} [wished] */
  #offerValue(wished) {
    const key = this.#key.value;
    const field = this.#fields.find((one) => one.key === key);
    if (!field) return;
    const menu = field.kind === 'choice';
    this.#choice.hidden = !menu;
    this.#number.hidden = menu;
    if (menu) {
      this.#choice.replaceChildren(...field.choices.map((value) => new Option(wordOf(key, value), value)));
      this.#choice.value = wished ?? field.choices.find((value) => value !== field.value) ?? '';
      return;
    }
    const number = Number(field.value);
    const other = field.standard !== field.value ? field.standard : String(number ? 2 * number : field.kind === 'whole' ? 1 : 0.1);
    this.#number.value = wished ?? other;
  }
}

/** The name of a key, as its control has it. @param {string} key */
function labelOf(key) {
  const place = key === 'd' ? '[data-i18n="lab.key.d"]' : `label[for="knob-${CSS.escape(key)}"]`;
  return document.querySelector(place)?.textContent ?? '';
}

/** A value of a key, as its control has it. @param {string} key @param {string} value */
function wordOf(key, value) {
  if (key === 'd') return presetName(value);
  const control = document.getElementById(`knob-${key}`);
  const option = control instanceof HTMLSelectElement ? [...control.options].find((one) => one.value === value) : undefined;
  return option?.textContent || value;
}
