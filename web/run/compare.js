// Two runs beside each other, of the same noise, with one knob turned
// differently, or by two models. The second has its own
// engine, which begins when the first does and is let go with the comparison.
//
// In the address: ?against=g:5 names the knob and its second value, and
// &against-h=… is the fingerprint of the second run's pixels, as h in the recipe
// is that of the first. &difference shows what differs.

/** @import { Engine } from '../engine/engine.js' */
/** @import { Key } from '../text/i18n.js' */
/** @import { Sentence } from '../stage/captions.js' */
/** @import { Stage } from '../stage/stage.js' */
/** @import { Described, Done, Inputs, Model, ModelEntry, RunMessage, Started } from '../types.js' */
import { Refusal } from '../engine/crew.js';
import { valueOf } from '../engine/fields.js';
import { bytes, foreign, seconds, text } from '../text/i18n.js';
import { troubleOf, withoutStop } from '../load/loader.js';
import { tell } from '../document/readout.js';
import { allow, element, onClick } from '../document/elements.js';
import { reason } from '../document/idle.js';
import { Twin } from './twin.js';
import { asked, note } from '../document/address.js';

/** What can be turned, by the recipe's key. @type {Record<string, Key>} */
const knobs = {
  c: 'controls.class',
  g: 'controls.guidance',
  k: 'controls.sampler',
  steps: 'controls.steps',
  eta: 'compare.eta',
  s: 'controls.seed',
  m: 'models.title',
};

/**
 * @typedef {object} Wishes
 * @property {() => void} again runs the shown recipe again
 * @property {(message: RunMessage) => void} heard takes what concerns the page, once the first run is over
 * @property {() => ModelEntry[]} others models that can be compared with this one
 * @property {(name: string) => string} title of a model
 * @property {(name: string) => Promise<string | undefined>} lacks why there is no such model
 */

export class Compare {
  /** @type {Twin} */
  #twin;
  /** Whether the second has not ended. */
  #running = false;
  /** Whether its recipe is still being made, or its model brought. */
  #preparing = false;
  /** Counts the runs, so that a model which comes late begins none. */
  #begun = 0;
  /** @type {Model | undefined} */
  #model;
  /** What the keys of the recipe come to. @type {Described['fields']} */
  #fields = {};
  /** Whether the second value is a wish, and not one that was only offered. */
  #chosen = false;
  on = false;
  difference = false;
  /** Whether the second run is to wait at its first step. */
  pausing = false;
  /** What became of the second run: its end, or why it could not be made. @type {Done | undefined} */
  done;
  refused = '';
  /** The fingerprint that the address promises. */
  expected = '';

  /** @param {Stage} stage @param {Engine} engine of the first run @param {Wishes} wishes */
  constructor(stage, engine, wishes) {
    this.stage = stage;
    this.engine = engine;
    this.#twin = new Twin(engine, (heard) => this.#heard(heard));
    this.wishes = wishes;
    this.knob = /** @type {HTMLSelectElement} */ (element('against-knob'));
    this.choice = /** @type {HTMLSelectElement} */ (element('against-choice'));
    this.number = /** @type {HTMLInputElement} */ (element('against-number'));
    this.knob.replaceChildren(...Object.entries(knobs).map(([key, name]) => option(key, name)));
    this.knob.addEventListener('change', () => {
      this.#chosen = false;
      this.#offerValue();
      this.#turned();
    });
    for (const control of [this.choice, this.number]) {
      control.addEventListener('change', () => {
        this.#chosen = true;
        this.#turned();
      });
    }
    onClick('compare', () => this.toggle());
    onClick('difference', () => this.toggleDifference());
    this.read();
  }

  /** Takes what the address asks for; says whether that is another comparison. */
  read() {
    const [key = '', ...value] = (asked('against') ?? '').split(':');
    const on = Object.hasOwn(knobs, key);
    const other = on !== this.on || (on && (key !== this.knob.value || value.join(':') !== this.value));
    if (other) this.#letGo(); // nobody asks for its run any more
    this.on = on;
    this.expected = (on && asked('against-h')) || '';
    if (on) {
      this.knob.value = key;
      this.#chosen = true;
      this.#offerValue(value.join(':'));
    }
    this.difference = asked('difference') !== null;
    this.arrange();
    return other;
  }

  /** The second value of the knob. */
  get value() {
    return (this.choice.hidden ? this.number : this.choice).value.trim();
  }

  /** What a model can do. @param {Model} model */
  offer(model) {
    this.#model = model;
    this.#letGo();
    const alone = this.wishes.others().length === 0;
    for (const item of this.knob.options) item.hidden = item.value === 'm' && alone;
    if (alone && !this.on && this.knob.value === 'm') this.knob.value = 'g';
    const itself = this.knob.value === 'm' && this.value === model.model;
    this.#offerValue(this.#chosen && !itself ? this.value : undefined);
    if (this.on && itself) note({ against: `m:${this.value}`, 'against-h': null });
    allow('compare', true);
  }

  /** What the recipe comes to that is run next. @param {Described} described */
  fill({ fields }) {
    this.#fields = fields;
    for (const item of this.knob.options) item.disabled = reason(fields[item.value]) !== '';
    if (!this.on && this.knob.selectedOptions[0]?.disabled) {
      this.knob.value = 'k'; // which always has an effect
      this.#chosen = false;
    }
    if (!this.on && !this.#chosen) this.#offerValue();
  }

  toggle() {
    this.on = !this.on;
    this.#chosen ||= this.on;
    this.expected = '';
    note({ against: this.on ? `${this.knob.value}:${this.value}` : null, 'against-h': null });
    if (!this.on) this.#letGo();
    this.arrange();
    this.wishes.again();
  }

  toggleDifference() {
    this.difference = !this.difference;
    note({ difference: this.difference ? '' : null });
    this.arrange();
  }

  /** Another knob, or another value of it: that is what is compared. */
  #turned() {
    if (!this.on) return this.toggle();
    this.expected = '';
    note({ against: `${this.knob.value}:${this.value}`, 'against-h': null });
    this.arrange();
    this.wishes.again();
  }

  /** The first run has begun: so does the second. @param {Started} message */
  begin(message) {
    this.done = undefined;
    this.refused = '';
    this.#running = this.#preparing = false;
    this.#begun++;
    if (!this.on) return;
    this.stage.begin(message, 1);
    this.#running = true;
    void this.#beginSecond(message, this.knob.value, this.value, this.engine.inputs);
  }

  /** The second run begins. @param {Started} first @param {string} key @param {string} value @param {Inputs} inputs */
  async #beginSecond(first, key, value, inputs) {
    const begun = this.#begun;
    this.#preparing = true;
    const other = key === 'm';
    let [why, recipe] = ['', ''];
    try {
      if (other) why = await this.#bring(value, first);
      if (!why) recipe = await (other ? this.#recipeOf(value, first) : this.#recipe(key, value, first));
    } catch (error) {
      const { key, values } = troubleOf(error);
      why = error instanceof Refusal ? error.message : text(key, values);
    }
    await this.#describe(first.recipe);
    if (begun !== this.#begun || !this.#running) return;
    this.#preparing = false;
    if (why) return this.#heard({ type: 'failed', id: 0, message: why });
    if (!other) return this.#twin.run(recipe, this.pausing, inputs);
    tell('status.running');
    this.#twin.runOwn(recipe, this.pausing, inputs);
  }

  /** Brings another model; says why it cannot be compared with. @param {string} name @param {Started} first */
  async #bring(name, { channels, height, width }) {
    const begun = this.#begun;
    const lacks = await this.wishes.lacks(name);
    if (lacks || begun !== this.#begun || !this.#running) return lacks ?? '';
    const { title, bytes: size = 0 } = this.wishes.others().find((entry) => entry.name === name) ?? {};
    const brought = this.#twin.bring(name);
    if (this.#twin.loading) tell('compare.loading', { title: () => foreign(title ?? name), size: () => bytes(size) });
    const model = await brought;
    const same = model?.channels === channels && model.height === height && model.width === width;
    return model && !same ? text('compare.shape') : '';
  }

  /**
   * The recipe of another model's run, written out so that nothing but the model differs.
   * @param {string} name @param {Started} first
   */
  async #recipeOf(name, { recipe, images }) {
    const spelled = await this.engine.describe(recipe, {}, { set: { n: String(images) }, spelled: true });
    return (await this.#twin.describe(spelled.recipe, { set: { m: name } })).recipe;
  }

  /** The recipe of the second run. @param {string} key @param {string} value @param {Started} first */
  async #recipe(key, value, { recipe, images }) {
    const without = ['result', ...(key === 'c' ? ['w'] : [])];
    return (await this.engine.describe(recipe, {}, { without, set: { n: String(images), [key]: value } })).recipe;
  }

  /** Whether the end of the first run is the end of all. */
  get over() {
    return !this.#running;
  }

  /**
   * Says what became of both; false where there is one alone.
   * @param {Key} key what is to be said of the first @param {Done} first @param {string} expected
   */
  tell(key, first, expected) {
    if (!this.on || !this.done) return this.refused !== '';
    const other = this.done.hash.slice(0, 16);
    const values = {
      ...{ time: () => seconds(Math.max(first.ms, this.done?.ms ?? 0)), what: () => this.words.other },
      ...{ hash: first.hash.slice(0, 16), other, expected: this.expected },
    };
    if (key.startsWith('status.differs')) return false;
    if (this.expected && this.expected !== other) tell('compare.differs', values);
    else if (expected && this.expected) tell('compare.identical', values);
    else tell('compare.done', values);
    return true;
  }

  /** The names of the weights that the second run needs. */
  get weights() {
    return this.on ? this.#twin.weights : [];
  }

  /** @param {'pause' | 'resume' | 'step'} type */
  steer(type) {
    if (!this.#running) return;
    if (this.#preparing) this.pausing = type !== 'resume';
    else this.#twin.steer(type);
  }

  cancel() {
    if (!this.#running) return;
    if (!this.#preparing) return this.#twin.cancel();
    this.#twin.forget();
    this.#heard({ type: 'cancelled', id: 0, step: 0 });
  }

  /** What the second engine says of its run. @param {RunMessage} message */
  #heard(message) {
    if (!this.#running) return;
    if (message.type === 'started') this.stage.begin(message, 1);
    if (message.type === 'step') this.stage.add(message, 1);
    if (message.type === 'done') this.done = message;
    if (message.type === 'failed') this.refused = withoutStop(message.message) || text('error.crash');
    if (message.type === 'done' || message.type === 'failed' || message.type === 'cancelled') this.#running = false;
    if (message.type === 'done') note({ 'against-h': message.hash.slice(0, 16) });
    this.wishes.heard(message);
  }

  /** Learns what the first run has in place of the second value. @param {string} recipe */
  async #describe(recipe) {
    try {
      this.fill(await this.engine.describe(recipe, this.engine.inputs));
      this.arrange();
    } catch {
      // Whatever ended the sampler is said elsewhere.
    }
  }

  /** Shows one side or several, and what they are. */
  arrange() {
    element('compare').setAttribute('aria-pressed', String(this.on));
    element('difference').setAttribute('aria-pressed', String(this.difference));
    element('difference').hidden = !this.on;
    const key = this.knob.value;
    /** @type {Sentence[]} */
    const names = [this.#name(key, valueOf(this.#fields, key) || '…'), this.#name(key, this.value), ['compare.difference', {}]];
    this.stage.compare(this.on ? names : [], this.on && this.difference);
  }

  /** What the sides are, in words. */
  get words() {
    const key = this.knob.value;
    const [one, other] = [valueOf(this.#fields, key) || '…', this.value].map((value) => text(...this.#name(key, value)).trim());
    return { one, other };
  }

  /** @param {string} key @param {string} value @returns {Sentence} */
  #name(key, value) {
    const shown = () => {
      if (key === 'm') return this.wishes.title(value);
      if (key === 'k') return foreign(this.#model?.samplers.find(({ name }) => name === value)?.title ?? value);
      if (key === 'c') return value === 'none' ? text('controls.class.none') : foreign(value);
      return value;
    };
    return ['compare.side', { knob: () => (key === 'k' || key === 'm' ? '' : text(knobs[key])), value: shown }];
  }

  /** Offers second values of the knob, and chooses one. @param {string} [wished] */
  #offerValue(wished) {
    const key = this.knob.value;
    const now = valueOf(this.#fields, key);
    const chosen = key === 'c' || key === 'k' || key === 'm';
    this.choice.hidden = !chosen;
    this.number.hidden = chosen;
    if (!chosen) {
      this.number.value = wished ?? another(key, Number(now), this.#fields[key]?.max ?? Infinity);
      return;
    }
    const { classes = [], samplers = [] } = this.#model ?? {};
    const named = key === 'k' ? samplers : this.wishes.others();
    const options = key === 'c' ? classOptions(classes) : named.map(({ name, title }) => option(name, () => foreign(title)));
    samplers.forEach(({ idle }, at) => key === 'k' && (options[at].disabled = Boolean(idle)));
    if (wished && !options.some(({ value }) => value === wished)) options.push(option(wished, () => wished));
    this.choice.replaceChildren(...options);
    const values = options.map(({ value }) => value);
    this.choice.value = wished ?? (key === 'k' ? (now === 'ddpm' ? 'ddim' : 'ddpm') : values[(values.indexOf(now) + 1) % values.length]);
  }

  /** Lets the second engine go: it holds memory. */
  #letGo() {
    this.#running = this.#preparing = false;
    this.#twin.forget();
    this.#twin.end();
  }
}

/** @param {string} value @param {Key | (() => string)} name */
function option(value, name) {
  const item = document.createElement('option');
  item.value = value;
  if (typeof name === 'string') item.dataset.i18n = name;
  item.textContent = typeof name === 'string' ? text(name) : name();
  return item;
}

/** @param {string[]} classes */
function classOptions(classes) {
  return [option('none', 'controls.class.none'), ...classes.map((name) => option(name, () => foreign(name)))];
}

/** A value worth comparing with. @param {string} key @param {number} now @param {number} most that the key allows */
function another(key, now, most) {
  if (key === 'g') return String(now > 0 ? Math.min(most, now * 3) : 2);
  if (key === 'steps') return String(Math.max(1, now > 5 ? Math.round(now / 5) : now * 10));
  if (key === 'eta') return now > 0 ? '0' : '1';
  return String(now + 1);
}
