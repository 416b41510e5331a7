// Two runs beside each other, of the same noise, with one knob turned
// differently, or by two models: in two columns, or under one picture that a line
// goes through. The second has its own engine, which begins when the first does
// and is let go with the comparison.
//
// In the address: ?against=g:5 names the knob and its second value, and
// &against-h=… is the fingerprint of the second run's pixels, as h in the recipe
// is that of the first. &difference shows what differs.

/** @import { Engine } from '../engine/engine.js' */
/** @import { Stage } from '../stage/stage.js' */
/** @import { Refused } from '../text/refusal.js' */
/** @import { Key, Values } from '../text/i18n.js' */
/** @import { Described, Done, Failed, Inputs, Model, ModelEntry, RunMessage, Started } from '../types.js' */
import { Refusal } from '../engine/crew.js';
import { valueOf } from '../engine/fields.js';
import { bytes, foreign, say, seconds, text } from '../text/i18n.js';
import { explain, sentences } from '../text/refusal.js';
import { troubleOf } from '../load/loader.js';
import { tell, tellWhy } from '../document/readout.js';
import { allow, element, onClick } from '../document/elements.js';
import { reason } from '../document/idle.js';
import { eight, hasMenu, isOfNetwork, knobs, nameOf, option, stepsIn, textOf, valuesOf, worthy } from './knobs.js';
import { Line } from './line.js';
import { Twin } from './twin.js';
import { asked, note } from '../document/address.js';

/** Why a run cannot be made: as the sampler says it, or a sentence of the page. @typedef {Refused & {said?: [Key, Values]}} Why */
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
  /** Between the two, where they are in one picture. @type {Line} */
  #line;
  on = false;
  difference = false;
  /** Whether the second run is to wait at its first step. */
  pausing = false;
  /** How the second run has ended. @type {Done | undefined} */
  done;
  /** What the second run is of, '' before it has begun. */
  recipe = '';
  /** Why it could not be made. @type {Why | undefined} */
  refused;
  /** The fingerprint that the address promises. */
  expected = '';

  /** @param {Stage} stage @param {Engine} engine of the first run @param {Wishes} wishes */
  constructor(stage, engine, wishes) {
    this.stage = stage;
    this.engine = engine;
    // While the second run is still being made, what its engine says is of the one before.
    this.#twin = new Twin(engine, (heard) => this.#preparing || this.#heard(heard));
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
    this.#line = new Line(stage, () => this.arrange());
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
    this.#line.read();
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
    for (const item of this.knob.options) item.hidden = (item.value === 'm' && alone) || (item.value === 'weights' && model.pictures > 0) || item.value === 'fork'; // which the tree of runs chooses
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
    this.#running = false; // what the run before comes to is not what is compared now
    this.expected = '';
    note({ against: `${this.knob.value}:${this.value}`, 'against-h': null });
    this.arrange();
    this.wishes.again();
  }

  /** The first run has begun: so does the second. @param {Started} message */
  begin(message) {
    this.done = undefined;
    this.refused = undefined;
    this.recipe = '';
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
    const other = isOfNetwork(key);
    const name = key === 'm' ? value : (this.#model?.model ?? '');
    /** @type {Why | undefined} */
    let why;
    let recipe = '';
    try {
      if (key === 'weights' && this.#model?.pictures) why = { message: '', said: ['compare.weights.none', {}] };
      else if (key === 'weights' && value !== eight) why = { message: '', said: ['compare.weights.only', {}] };
      else if (other) why = await this.#bring(name, first, key !== 'm');
      if (!why) recipe = await (other ? this.#recipeOf(name, first) : this.#recipe(key, value, first));
    } catch (error) {
      const { key, values } = troubleOf(error);
      why = error instanceof Refusal ? error : { message: '', said: [key, values] };
    }
    if (why) await sentences();
    await this.#describe(first.recipe);
    if (begun !== this.#begun || !this.#running) return;
    this.#preparing = false;
    if (why) return this.#refuse(why);
    if (!other) return this.#twin.run(recipe, this.pausing, inputs);
    tell('status.running');
    this.#twin.runOwn(recipe, this.pausing, inputs);
  }

  /** Brings another model; says why it cannot be compared with. @param {string} name @param {Started} first @param {boolean} eight @returns {Promise<Why | undefined>} */
  async #bring(name, { channels, height, width }, eight) {
    const begun = this.#begun;
    const lacks = await this.wishes.lacks(name);
    if (begun !== this.#begun || !this.#running) return undefined;
    if (lacks) return { message: lacks, reason: 'model', values: { value: name.slice(0, 64) } };
    const { title, bytes: size = 0 } = this.wishes.others().find((entry) => entry.name === name) ?? {};
    const brought = this.#twin.bring(name, eight);
    if (this.#twin.loading) tell('compare.loading', { title: () => foreign(title ?? name), size: () => bytes(size) });
    const model = await brought;
    const same = model?.channels === channels && model.height === height && model.width === width;
    return model && !same ? { message: '', said: ['compare.shape', {}] } : undefined;
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
    if (!this.on || !this.done) return this.refused !== undefined;
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

  /** The noise levels of the second run, once it has begun. */
  plot() {
    return this.#twin.plot(this.recipe, this.engine.inputs);
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
    if (message.type === 'failed') return void this.#failed(message);
    if (message.type === 'started') {
      this.recipe = message.recipe;
      this.stage.begin(message, 1);
      this.arrange(); // it may have another number of steps
    }
    if (message.type === 'step') this.stage.add(message, 1);
    if (message.type === 'done') this.done = message;
    if (message.type === 'done' || message.type === 'cancelled') this.#running = false;
    if (message.type === 'done') note({ 'against-h': message.hash.slice(0, 16) });
    this.wishes.heard(message);
  }

  /** @param {Failed} failed */
  async #failed(failed) {
    const begun = this.#begun;
    await sentences();
    if (begun !== this.#begun || !this.#running) return;
    this.#refuse(failed.message ? failed : { message: '', said: ['error.crash', {}] });
  }

  /** The second run cannot be made; the first goes on. @param {Why} why */
  #refuse(why) {
    this.refused = why;
    this.#running = false;
    this.wishes.heard({ type: 'failed', id: 0, message: why.message });
  }

  /** Says why the second run cannot be made. */
  tellRefusal() {
    const { refused } = this;
    if (!refused) return;
    const { key = '', said } = refused;
    const label = knobs[key] ? () => text(knobs[key]) : key;
    tellWhy('compare.refused', { what: () => this.words.other }, (element) => {
      if (said) say(element, ...said);
      else explain(element, refused, label, this.#fields[key]);
    });
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
    // Eight bits of the weights change pictures by little.
    const gain = this.knob.value === 'weights' ? 16 : 1;
    const names = [...this.#names, { knob: '', value: () => text(gain > 1 ? 'compare.difference.by' : 'compare.difference', { n: gain }) }];
    this.stage.compare(this.on ? names : [], this.difference ? gain : 0, this.#line.part);
    this.#line.show(this.on, this.words);
  }

  /** What the two sides are called: by what differs, the number of steps too where that does. */
  get #names() {
    const key = this.knob.value;
    const [one, other] = this.stage.films.map(({ shape }) => shape.steps);
    const also = this.on && key !== 'steps' && other !== undefined && one !== other;
    return [valueOf(this.#fields, key) || '…', this.value].map((value, side) => {
      const name = nameOf(key, value, this.#model, this.wishes.title);
      const n = side ? other : one;
      return also ? { ...name, value: () => text('compare.with.steps', { value: name.value, steps: () => text(...stepsIn(n)) }) } : name;
    });
  }

  /** What the sides are, in words. */
  get words() {
    const [one, other] = this.#names.map(textOf);
    return { one, other };
  }

  /** Offers second values of the knob, and chooses one. @param {string} [wished] */
  #offerValue(wished) {
    const key = this.knob.value;
    const menu = hasMenu(key);
    this.choice.hidden = !menu;
    this.number.hidden = menu;
    const options = menu ? valuesOf(key, this.#model, this.wishes.others()) : [];
    const value = wished ?? worthy(key, this.#fields, options.map((item) => item.value));
    if (menu && wished && !options.some((item) => item.value === wished)) options.push(option(wished, () => wished));
    if (menu) this.choice.replaceChildren(...options);
    (menu ? this.choice : this.number).value = value;
  }

  /** Lets the second engine go: it holds memory. */
  #letGo() {
    this.#running = this.#preparing = false;
    this.#twin.forget();
    this.#twin.end();
  }
}
