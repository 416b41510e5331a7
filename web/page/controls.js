// The controls that make up a recipe. They show what the worker says a recipe
// comes to, and write the recipe that is asked for next; what values mean and
// which are allowed is the worker's to say.

/** @import { Described, Model } from '../types.js' */
/** @import { Refused } from '../text/refusal.js' */
/** @import { Turn } from './turning.js' */
import { recipeText, valueOf, written } from '../engine/fields.js';
import { foreign, say } from '../text/i18n.js';
import { explain } from '../text/refusal.js';
import { hold, reason } from '../document/idle.js';
import { Options, limit } from './options.js';

/** Keys of a recipe that have a control here. */
export const controlled = new Set(['m', 'c', 'w', 's', 'n', 'k', 'steps', 'g']);

/** The number of classes with short names from which their buttons stand closer. */
const manyClasses = 20;

/** @param {string} id */
function field(id) {
  return /** @type {HTMLInputElement} */ (document.getElementById(id));
}

export class Controls {
  /** What the recipe says beyond the controls. @type {Map<string, string>} */
  #others = new Map();
  /** @type {Model | undefined} */
  #model;

  #options = new Options(controlled);

  /** What the keys come to. @type {Described['fields']} */
  #fields = {};

  /** The place of the classes, under the pictures. */
  #classes = /** @type {HTMLElement} */ (document.getElementById('classes'));

  /**
   * @param {object} on
   * @param {() => void} on.complained a control has to be seen
   * @param {() => void} on.start
   * @param {(turn: Turn) => void} on.turned a control that acts by itself
   */
  constructor(on) {
    this.on = on;
    this.form = /** @type {HTMLFormElement} */ (document.getElementById('controls'));
    this.chips = /** @type {HTMLElement} */ (document.getElementById('chips'));
    this.special = /** @type {HTMLElement} */ (document.getElementById('chips-special'));
    this.sampler = /** @type {HTMLSelectElement} */ (document.getElementById('sampler'));
    this.form.addEventListener('submit', (event) => event.preventDefault());
    for (const place of [this.form, this.#classes]) {
      place.addEventListener('input', ({ target }) => {
        const control = /** @type {HTMLInputElement} */ (target);
        this.#changed(control);
        if (this.#acts(control)) on.turned(control.type === 'range' ? 'drag' : control.matches('select, [type=radio]') ? 'set' : 'type');
      });
      place.addEventListener('keydown', (event) => this.#entered(event));
      place.addEventListener('change', ({ target }) => {
        const control = /** @type {HTMLInputElement} */ (target);
        if (this.#acts(control) && !control.matches('select, [type=radio]')) on.turned('end');
      });
    }
  }

  /** Enter in a field runs what the controls show. @param {Event} event */
  #entered(event) {
    const { key, target, defaultPrevented } = /** @type {KeyboardEvent} */ (event);
    if (key !== 'Enter' || defaultPrevented || !(target instanceof HTMLInputElement)) return;
    event.preventDefault();
    this.on.start();
  }

  /** Whether a control stands for a key of the recipe by itself, and not with the others of a panel. @param {HTMLInputElement} control */
  #acts(control) {
    return control.id === 'guidance-range' || controlled.has(control.name) || control.closest('#options') !== null;
  }

  /** Another seed. */
  roll() {
    field('seed').value = String(crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000);
    this.#changed(field('seed'));
  }

  /** Steps and pictures, as far as they are numbers. */
  get numbers() {
    return { steps: Number(field('steps').value) || 1, n: Number(field('images').value) || 1 };
  }

  /**
   * Offers what a model can do.
   * @param {Model} model
   * @param {() => string} size of its file, in words
   */
  offer(model, size) {
    this.#model = model;
    this.chips.classList.toggle('many', model.classes.length > manyClasses && model.classes.every((name) => name.length < 3));
    this.chips.classList.toggle('words', model.classes.some((name) => name.length > 3));
    this.chips.replaceChildren(...model.classes.map((name) => chip(name, name)));
    const spells = model.classes.some((name) => [...name].length === 1 && /\p{L}/u.test(name));
    document.getElementById('word-field')?.toggleAttribute('hidden', !spells);
    this.#classes.toggleAttribute('hidden', model.classes.length === 0);
    this.special.replaceChildren(chip('none', ''), ...(model.classes.length > 0 ? [chip('all', '')] : []));
    this.sampler.replaceChildren(...groups(model.samplers));
    const { parameters, pictures, latents } = model;
    const about = { title: () => foreign(model.title), parameters, pictures, size };
    say(document.getElementById('model') ?? this.form, pictures ? 'controls.model.exact' : 'controls.model', about);
    const hint = /** @type {HTMLElement} */ (document.getElementById('hint-m'));
    hint.hidden = !pictures && !latents;
    say(hint, (pictures && 'models.exact') || (latents && 'models.latent') || '', { pictures, latents });
    this.#hints();
  }

  /**
   * Shows what a recipe comes to.
   * @param {Described} described @param {boolean} [keep] whether it is what they show, and options that were set stay set
   */
  fill({ fields }, keep = false) {
    this.clearErrors();
    const beyond = written(fields).filter((field) => !controlled.has(field.key) && !this.#options.has(field) && field.group !== 'result');
    this.#others = new Map(beyond.map(({ key, value }) => [key, value]));
    this.#fields = fields;
    this.#options.fill(fields, () => this.#samplerTitle, keep);
    for (const [id, key] of /** @type {const} */ ([['images', 'n'], ['steps', 'steps'], ['guidance', 'g']])) {
      const of = fields[key];
      if (of) limit(field(id), of);
    }
    say(document.getElementById('hint-steps') ?? this.form, 'controls.steps.hint', { max: Number(field('steps').max) });
    const [c, w, s, n, k, steps, g] = ['c', 'w', 's', 'n', 'k', 'steps', 'g'].map((key) => valueOf(fields, key));
    for (const radio of this.#radios()) radio.checked = radio.value === c && !w;
    this.#reveal();
    field('word').value = w;
    field('seed').value = s;
    field('images').value = n;
    this.sampler.value = k;
    field('steps').value = steps;
    field('guidance').value = g;
    field('guidance-range').value = g;
    this.judge({ fields });
  }

  /** Shows the class of a recipe whose model is on its way. @param {string | undefined} chosen nothing where that is not known yet */
  expect(chosen) {
    for (const radio of this.#radios()) radio.checked = radio.value === chosen;
  }

  /** Disables what has no effect, with the reason. @param {Pick<Described, 'fields'>} described */
  judge({ fields }) {
    this.#fields = fields;
    for (const id of ['guidance', 'guidance-range']) hold(field(id), reason(fields.g) !== '');
    this.#options.judge(fields, () => this.#samplerTitle);
    this.#hints();
  }

  get #samplerTitle() {
    return this.sampler.selectedOptions[0]?.text ?? '';
  }

  /**
   * Writes keys that have no control here; what is empty is taken away.
   * @param {Record<string, string>} keys
   */
  write(keys) {
    if (keys.image) this.#others.delete('fork'); // such a run has two parts already
    for (const [key, value] of Object.entries(keys)) {
      if (value === '') this.#others.delete(key);
      else this.#others.set(key, value);
    }
  }

  /** The recipe that the controls show. */
  recipe() {
    return recipeText(this.entries());
  }

  /** Its keys with their values. @returns {[string, string][]} */
  entries() {
    const value = (/** @type {string} */ id) => field(id).value.trim();
    return [
      ['m', this.#model?.model ?? ''],
      this.word ? ['w', this.word] : ['c', this.className],
      ['s', value('seed')],
      ['n', value('images')],
      ['k', this.sampler.value],
      ['steps', value('steps')],
      ['g', value('guidance')],
      ...this.#options.entries(),
      ...this.#others,
    ];
  }

  /** The value of the class that is chosen. */
  get className() {
    return this.#radios().find((radio) => radio.checked)?.value ?? 'none';
  }

  /** The word to spell, if there is one. */
  get word() {
    return field('word').value.trim();
  }

  /** What the pictures are of. */
  get subject() {
    return this.word || this.className;
  }

  /**
   * Says at the control of a key what is wrong with it.
   * @param {Refused} refused
   * @param {boolean} focus whether to go there
   * @returns {(() => string) | undefined} the control's label, if it can be seen there
   */
  complain(refused, focus) {
    const { key = '' } = refused;
    const error = document.getElementById(`error-${key}`);
    if (!error) return undefined;
    const control = error.parentElement?.querySelector(`[name="${key}"]`);
    const label = () => labelOf(control) || key;
    error.hidden = false;
    const hidden = control?.closest('details');
    if (hidden) hidden.open = true;
    if (control && this.form.contains(control)) this.on.complained();
    error.hidden = !error.checkVisibility();
    if (error.hidden) return undefined;
    explain(error, refused, label, this.#fields[key]);
    error.scrollIntoView({ block: 'nearest' });
    control?.setAttribute('aria-invalid', 'true');
    if (focus && control instanceof HTMLElement) control.focus();
    return label;
  }

  clearErrors() {
    for (const error of document.querySelectorAll('.error:not([hidden])')) {
      error.toggleAttribute('hidden', true);
      say(error, '');
    }
    for (const control of document.querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
  }

  #radios() {
    return /** @type {HTMLInputElement[]} */ ([...this.#classes.querySelectorAll('input[name="c"]')]);
  }

  /** Scrolls the row of classes to the one that is chosen; not the page. */
  #reveal() {
    const row = this.chips.parentElement;
    const chosen = this.#radios().find((radio) => radio.checked)?.getBoundingClientRect();
    if (!row || !chosen) return;
    const { left, right } = row.getBoundingClientRect();
    if (chosen.left < left) row.scrollLeft -= left - chosen.left;
    else if (chosen.right > right) row.scrollLeft += chosen.right - right;
  }

  /** @param {HTMLInputElement} control */
  #changed(control) {
    if (control.id === 'guidance-range') field('guidance').value = control.value;
    if (control.id === 'guidance') field('guidance-range').value = control.value;
    if (control.name === 'w') this.#countLetters();
    if (control.name === 'c') this.#countClasses();
    const key = control.id === 'guidance-range' ? 'g' : control.name;
    const error = document.getElementById(`error-${key}`);
    if (error && !error.hidden) {
      error.hidden = true;
      say(error, '');
      control.closest('.field')?.querySelector('[aria-invalid]')?.removeAttribute('aria-invalid');
    }
    this.#hints();
  }

  /** One picture of each letter, in place of a class. */
  #countLetters() {
    for (const radio of this.#radios()) radio.checked = radio.value === 'none' && !this.word;
    const images = field('images');
    images.value = String(Math.max(1, Math.min(Number(images.max), [...this.word].length)));
  }

  /** One picture of each class, until another number is asked for. */
  #countClasses() {
    const images = field('images');
    const each = String(Math.min(Number(images.max), this.#model?.classes.length ?? 1));
    if (this.word) images.value = '1';
    field('word').value = '';
    if (this.className === 'all' && images.value === '1') images.value = each;
    else if (this.className !== 'all' && images.value === each) images.value = '1';
  }

  #hints() {
    const hint = document.getElementById('hint-g');
    if (hint) say(hint, reason(this.#fields.g) || 'controls.guidance.hint');
    const sampler = this.#model?.samplers.find(({ name }) => name === this.sampler.value);
    const about = document.getElementById('hint-k');
    if (about) say(about, 'controls.sampler.hint', { description: () => foreign(sampler?.description ?? '') });
    document.getElementById('hint-n')?.toggleAttribute('hidden', this.className !== 'all');
  }
}

/** @param {Element | null | undefined} control */
function labelOf(control) {
  const { labels } = /** @type {HTMLInputElement} */ (control ?? {});
  const label = control?.matches('[type=radio]') ? control.closest('fieldset')?.querySelector('legend') : labels?.[0];
  return label?.textContent?.trim() ?? '';
}

/**
 * The menu of the samplers, those of a group together.
 * @param {Model['samplers']} samplers
 */
function groups(samplers) {
  /** @type {Map<string, HTMLOptGroupElement>} */
  const made = new Map();
  for (const { name, title, group, idle } of samplers) {
    let menu = made.get(group);
    if (!menu) {
      made.set(group, (menu = document.createElement('optgroup')));
      say(menu, idle ? 'idle.network' : 'controls.sampler.hint', { description: () => foreign(group) }, 'label');
    }
    const option = document.createElement('option');
    option.value = name;
    option.textContent = title || name;
    option.disabled = Boolean(idle);
    menu.append(option);
  }
  return made.values();
}

/**
 * One class to choose, named by itself, or by the page's language.
 * @param {string} value @param {string} name
 */
function chip(value, name) {
  const label = document.createElement('label');
  label.className = 'chip';
  const input = document.createElement('input');
  input.type = 'radio';
  input.name = 'c';
  input.value = value;
  const span = document.createElement('span');
  if (name) say(span, 'models.about', { text: () => foreign(name) });
  else say(span, value === 'all' ? 'controls.class.all' : 'controls.class.none');
  label.append(input, span);
  return label;
}
