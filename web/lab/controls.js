// The controls of a recipe, drawn from the keys that the lab's program describes. A few
// stand in sight; the others of the same program, also those that come with a later one,
// stand in groups below. What a value means and whether it is allowed the program says.

/** @import { Described, Field, Preset } from './messages.js' */
/** @import { Failure } from './engine.js' */
/** @import { Key } from '../text/i18n.js' */
import { recipeText } from '../engine/fields.js';
import { hold, reason } from '../document/idle.js';
import { element } from '../document/elements.js';
import { foreign, knows, say, text } from '../text/i18n.js';
import { explain } from '../text/refusal.js';
import { reasons } from './refused.js';

/** Keys in sight, where they stand. @type {Record<string, string[]>} */
const places = {
  'knobs-data': ['noise', 'set', 's'],
  knobs: ['m', 'p', 'loss', 'schedule', 'units', 'layers', 'k', 'ssteps', 'c', 'g'],
};
/** Those with a slider, and its step: what is turned to and fro. @type {Record<string, {max: number, step: number}>} */
const sliders = { noise: { max: 0.3, step: 0.01 }, g: { max: 8, step: 0.25 } };
/** Keys that mean something only with the data that they were written for. */
const ofData = ['gauss', 'paint', 'c', 'h'];

/** @typedef {HTMLInputElement | HTMLSelectElement} Control */

/** The page's name for something that the program describes, or the program's own. @param {string[]} keys @param {string} own @returns {[Key, Record<string, string>] | string} */
function named(keys, own) {
  const key = keys.find(knows);
  return key ? [/** @type {Key} */ (key), {}] : own;
}

/** @param {Element} place @param {ReturnType<typeof named>} name */
export function label(place, name) {
  if (typeof name === 'string') {
    place.textContent = name.replaceAll('`', '');
    if (/[a-z]{3}/i.test(name)) place.setAttribute('lang', 'en');
  } else {
    say(place, ...name);
  }
}

export class Controls {
  /** @type {Map<string, Control>} */
  #controls = new Map();
  /** @type {Field[]} */
  #fields = [];
  /** @type {Described | undefined} */
  #described;
  #recipe = '';

  /** @param {(recipe: string) => void} turned a person wants another recipe */
  constructor(turned) {
    this.turned = turned;
    for (const id of ['data', 'controls']) {
      const form = element(id);
      form.addEventListener('submit', (event) => event.preventDefault());
      form.addEventListener('change', ({ target }) => this.#changed(/** @type {Control} */ (target)));
      form.addEventListener('input', ({ target }) => {
        if (target instanceof HTMLInputElement && target.type === 'range') this.#mirror(target);
      });
    }
  }

  /** Takes in what there is to turn. @param {Described} described */
  describe(described) {
    this.#described = described;
    element('presets').replaceChildren(...described.presets.map(presetOf));
    const docs = new Map(described.keys.map(({ name, doc }) => [name, doc]));
    for (const [place, keys] of Object.entries(places)) {
      element(place).replaceChildren(...keys.flatMap((key) => described.keys.filter(({ name }) => name === key)).map((key) => this.#row(key, key.doc)));
    }
    const shown = new Set([...Object.values(places).flat(), 'd', 'h']);
    const rest = grouped(described.keys.filter(({ name }) => !shown.has(name)), ({ group }) => group);
    element('knobs-more').replaceChildren(
      ...[...rest].map(([group, keys]) => {
        const box = document.createElement('fieldset');
        const legend = document.createElement('legend');
        label(legend, named([`lab.group.${group}`], group));
        box.append(legend, ...keys.map((key) => this.#row(key, docs.get(key.name) ?? '')));
        return box;
      }),
    );
  }

  /**
   * Shows what a recipe comes to.
   * @param {string} recipe canonical @param {Field[]} fields
   */
  fill(recipe, fields) {
    this.#recipe = recipe;
    this.#fields = fields;
    const known = new Map(fields.map((field) => [field.key, field]));
    for (const radio of this.#radios()) radio.checked = radio.value === known.get('d')?.value;
    const sampler = () => this.#described?.samplers.find(({ name }) => name === known.get('k')?.value)?.title ?? '';
    for (const [key, control] of this.#controls) {
      const field = known.get(key);
      const row = /** @type {HTMLElement} */ (control.closest('.knob'));
      row.hidden = !field || (field.kind === 'choice' && field.choices.length < 2);
      if (!field) continue;
      if (control instanceof HTMLSelectElement) this.#offer(control, field);
      else if (control.type === 'number') Object.assign(control, { min: String(field.min), max: String(field.max) });
      control.value = field.value;
      const slider = row.querySelector('input[type=range]');
      if (slider instanceof HTMLInputElement) slider.value = field.value;
      const why = reason(field);
      hold(control, why !== '');
      if (slider instanceof HTMLInputElement) hold(slider, why !== '');
      const hint = /** @type {HTMLElement} */ (row.querySelector('.hint'));
      say(hint, why, { sampler, description: sampler });
    }
    for (const box of element('knobs-more').querySelectorAll('fieldset')) box.hidden = !box.querySelector('.knob:not([hidden])');
    this.clear();
  }

  /** Nothing is refused any more. */
  clear() {
    for (const error of document.querySelectorAll('.knob .error, .presets-of-data .error')) {
      /** @type {HTMLElement} */ (error).hidden = true;
      say(error, '');
    }
    for (const wrong of document.querySelectorAll('[aria-invalid]')) wrong.removeAttribute('aria-invalid');
  }

  /**
   * Says beside its control why a recipe was refused.
   * @param {Failure} failure
   * @returns {Promise<boolean>} false where no control has the key
   */
  async complain(failure) {
    await reasons();
    const control = this.#controls.get(failure.key ?? '');
    const row = /** @type {HTMLElement | undefined} */ (control?.closest('.knob'));
    if (!control || !row || row.hidden) return false;
    const error = /** @type {HTMLElement} */ (row.querySelector('.error'));
    error.hidden = false;
    control.setAttribute('aria-invalid', 'true');
    explain(error, failure, () => row.querySelector('label')?.textContent ?? '', this.#fields.find(({ key }) => key === failure.key));
    const more = row.closest('details');
    if (more) more.open = true;
    row.scrollIntoView({ block: 'nearest' });
    return true;
  }

  /** The recipe with another value of a key. @param {string} key @param {string} value */
  #with(key, value) {
    const entries = new Map(new URLSearchParams(this.#recipe));
    entries.delete('h');
    const pictures = this.#fields.some((field) => field.key === 'd' && field.value === 'digits');
    if ((key === 'd' && (value === 'digits') !== pictures) || (key === 'm' && value === 'latent')) {
      // Pictures and points have little in common: it begins with the standard of either.
      const seed = entries.get('s');
      entries.clear();
      if (seed) entries.set('s', seed);
    }
    if (key === 'd') for (const other of ofData) entries.delete(other);
    if (key === 'k') for (const field of this.#fields) if (field.idle) entries.delete(field.key);
    if (value === '') entries.delete(key);
    else entries.set(key, value);
    return recipeText(entries);
  }

  /** @param {Control} control */
  #changed(control) {
    if (control instanceof HTMLInputElement && control.type === 'range') this.#mirror(control);
    const key = control.name.replace('-range', '');
    if (key) this.turned(this.#with(key, control.value.trim()));
  }

  /** A slider and the field beside it say the same. @param {HTMLInputElement} slider */
  #mirror(slider) {
    const control = this.#controls.get(slider.name.replace('-range', ''));
    if (control) control.value = slider.value;
  }

  #radios() {
    return /** @type {NodeListOf<HTMLInputElement>} */ (element('presets').querySelectorAll('input'));
  }

  /** One key: its name, its control, why it has no effect, and what is wrong with it. @param {Described['keys'][number]} key @param {string} doc */
  #row({ name, kind, choices }, doc) {
    const choice = kind === 'choice' || name === 'c';
    const control = document.createElement(choice ? 'select' : 'input');
    control.id = `knob-${name}`;
    control.name = name;
    control.setAttribute('aria-describedby', `hint-${name} error-${name}`);
    if (control instanceof HTMLInputElement) {
      control.maxLength = 400;
      if (kind !== 'text') Object.assign(control, { type: 'number', step: 'any', inputMode: kind === 'whole' ? 'numeric' : 'decimal' });
    }
    this.#controls.set(name, control);
    const title = document.createElement('label');
    title.htmlFor = control.id;
    label(title, named([`lab.key.${name}`, `options.${name}`], doc));
    const hint = [`lab.hint.${name}`, `options.${name}.hint`].find(knows);
    if (hint) say(title, /** @type {Key} */ (hint), {}, 'title');
    else title.title = doc.replaceAll('`', '');
    const row = document.createElement('div');
    row.className = 'knob';
    const slides = sliders[name];
    if (slides) {
      const slider = document.createElement('input');
      Object.assign(slider, { type: 'range', name: `${name}-range`, min: '0', max: String(slides.max), step: String(slides.step) });
      slider.setAttribute('aria-labelledby', (title.id = `name-${name}`));
      row.classList.add('slides');
      row.append(title, slider, control);
    } else {
      row.append(title, control);
    }
    row.append(paragraph('hint', name), paragraph('error', name));
    if (choice && choices) this.#offer(/** @type {HTMLSelectElement} */ (control), /** @type {Field} */ ({ key: name, choices }));
    return row;
  }

  /** Has a menu offer the choices of its key. @param {HTMLSelectElement} menu @param {Pick<Field, 'key' | 'choices'>} field */
  #offer(menu, { key, choices }) {
    if (menu.dataset.choices === choices.join()) return;
    menu.dataset.choices = choices.join();
    const options = choices.map((value) => {
      const option = new Option(value, value);
      const choice = named([`lab.choice.${key}.${value}`, `options.${key}.${value}`], '');
      const name = key === 'c' && choice === '' ? classOf(value) : choice;
      if (name !== '') label(option, name);
      else if (key === 'k') option.textContent = this.#described?.samplers.find(({ name }) => name === value)?.title || value;
      return option;
    });
    if (key !== 'k') return menu.replaceChildren(...options);
    const groups = grouped(options, ({ value }) => this.#described?.samplers.find(({ name }) => name === value)?.group ?? '');
    menu.replaceChildren(
      ...[...groups].map(([group, members]) => {
        const box = document.createElement('optgroup');
        say(box, 'controls.sampler.hint', { description: () => foreign(group) }, 'label');
        box.append(...members);
        return box;
      }),
    );
  }
}

/** @template T @param {T[]} list @param {(member: T) => string} by @returns {Map<string, T[]>} */
function grouped(list, by) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const member of list) groups.set(by(member), [...(groups.get(by(member)) ?? []), member]);
  return groups;
}

/** @param {string} of @param {string} key */
function paragraph(of, key) {
  const p = document.createElement('p');
  p.className = of;
  p.id = `${of}-${key}`;
  p.hidden = of === 'error';
  if (of === 'error') p.setAttribute('role', 'alert');
  return p;
}

/** The name of a class. Some are numbered. @param {string} name */
export function classOf(name) {
  const [kind, n = ''] = name.split(' ');
  const key = `lab.class.${kind}`;
  return knows(key) ? /** @type {[Key, Record<string, string>]} */ ([key, { n }]) : name.replace(/-(?=\d)/g, '−');
}

/** The name of a preset. @param {string} preset */
export function presetName(preset) {
  const key = `lab.preset.${preset}`;
  return knows(key) ? text(key) : preset;
}

/** One preset, as a picture of its points to choose. @param {Pick<Preset, 'name' | 'doc'>} preset */
export function presetOf({ name, doc }) {
  const choice = document.createElement('label');
  choice.className = 'chip';
  choice.title = doc;
  const radio = document.createElement('input');
  Object.assign(radio, { type: 'radio', name: 'd', value: name });
  const picture = document.createElement('canvas');
  picture.id = `picture-${name}`;
  picture.setAttribute('aria-hidden', 'true');
  const word = document.createElement('span');
  label(word, named([`lab.preset.${name}`], name));
  const face = document.createElement('span');
  face.className = 'face';
  face.append(picture, word);
  choice.append(radio, face);
  return choice;
}
