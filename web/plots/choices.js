// What can be chosen of the plots: what is plotted, and what is beside it.

/** @import { Key } from '../text/i18n.js' */
/** @import { Described } from '../types.js' */
/** @import { Kind } from './course.js' */
/** @import { Symbol } from './symbols.js' */
import { asked, note } from '../document/address.js';
import { valueOf } from '../engine/fields.js';
import { say } from '../text/i18n.js';
import { kinds } from './course.js';
import { symbolOf } from './symbols.js';

/** What each is called, its symbol, and the word beside that, '' where it needs none. @type {Record<Kind, {name: Key, symbol: Symbol, word: Key | ''}>} */
export const called = {
  signal: { name: 'plots.signal', symbol: 'alphaBar', word: 'plots.word.signal' },
  snr: { name: 'plots.snr', symbol: 'log', word: '' },
  sigma: { name: 'plots.sigma', symbol: 'sigma', word: '' },
  beta: { name: 'plots.beta', symbol: 'beta', word: '' },
  deviation: { name: 'plots.deviation', symbol: 'deviation', word: 'plots.word.deviation' },
  change: { name: 'plots.change', symbol: 'change', word: 'plots.word.change' },
  loss: { name: 'plots.loss', symbol: 'loss', word: '' },
  apart: { name: 'plots.apart', symbol: 'apart', word: '' },
};

/** The keys of a recipe that choose noise levels, with their names. @type {Record<string, Key>} */
const knobs = { m: 'models.title', spacing: 'options.spacing', sigmas: 'options.sigmas' };

/** One of the kinds, as a group of radio buttons. */
export class KindChoice {
  /** @param {(kind: Kind) => void} chosen */
  constructor(chosen) {
    this.group = document.createElement('div');
    this.group.className = 'segments';
    this.group.setAttribute('role', 'radiogroup');
    say(this.group, 'plots.kind', {}, 'aria-label');
    this.chips = kinds.map((kind) => chipOf(kind, () => chosen(kind)));
    this.group.append(...this.chips.map(({ chip }) => chip));
  }

  /** @param {Kind} chosen @param {readonly Kind[]} offered */
  show(chosen, offered) {
    for (const { chip, input, kind } of this.chips) {
      chip.hidden = !offered.includes(kind);
      input.checked = kind === chosen;
    }
  }
}

/** @param {Kind} kind @param {() => void} chosen */
function chipOf(kind, chosen) {
  const { name, symbol, word } = called[kind];
  const chip = document.createElement('label');
  chip.className = 'chip';
  const input = document.createElement('input');
  Object.assign(input, { type: 'radio', name: 'plots', value: kind, autocomplete: 'off' });
  say(input, name, {}, 'aria-label');
  input.addEventListener('change', chosen);
  const face = document.createElement('span');
  face.append(symbolOf(symbol));
  if (word) {
    const words = document.createElement('span');
    words.className = 'word';
    say(words, word);
    face.append(words);
  }
  chip.append(input, face);
  return { chip, input, kind };
}

/** What is beside a recipe: itself with another value of a key. @typedef {{key: string, value: string}} Beside */

/**
 * The menu of what can be beside the recipe: other timesteps, other noise levels, other
 * models; in the address ?beside=spacing:trailing.
 */
export class BesideChoice {
  /** @type {Beside | undefined} */
  chosen;

  /** @param {{models: () => {name: string}[], title: (name: string) => string}} known the models that there are @param {() => void} changed */
  constructor(known, changed) {
    this.known = known;
    this.menu = document.createElement('select');
    this.menu.autocomplete = 'off';
    say(this.menu, 'plots.second', {}, 'aria-label');
    this.menu.addEventListener('change', () => {
      this.#choose(this.menu.value);
      note({ beside: this.menu.value || null });
      changed();
    });
    this.read();
  }

  /** Takes what the address asks for. */
  read() {
    this.#choose(asked('beside') ?? '');
  }

  /** @param {string} text */
  #choose(text) {
    const [key, value = ''] = text.split(':');
    this.chosen = Object.hasOwn(knobs, key) && value ? { key, value } : undefined;
  }

  /** Offers what differs from a recipe. @param {Described['fields']} fields */
  offer(fields) {
    const { key, value } = this.chosen ?? { key: '', value: '' };
    const groups = Object.entries(knobs).map(([knob, label]) => {
      const { choices = [], idle = '' } = fields[knob] ?? {};
      const all = knob === 'm' ? this.known.models().map(({ name }) => name) : choices;
      const group = document.createElement('optgroup');
      say(group, label, {}, 'label');
      group.append(...all.filter((name) => !idle && name !== valueOf(fields, knob)).map((name) => {
        const option = optionOf(`${knob}:${name}`);
        say(option, 'plots.it', { what: () => this.#titleOf(knob, name) });
        return option;
      }));
      return group;
    });
    const alone = optionOf('');
    say(alone, 'plots.alone');
    this.menu.replaceChildren(alone, ...groups.filter((group) => group.childElementCount > 0));
    this.menu.value = key && `${key}:${value}`;
    if (this.menu.selectedIndex < 0) this.menu.value = '';
  }

  /** What a recipe is called, and what is beside it. @param {Described['fields']} fields @param {Beside | undefined} beside */
  names(fields, beside) {
    const { key, value } = beside ?? { key: '', value: '' };
    return [valueOf(fields, key), value].map((name) => this.#titleOf(key, name));
  }

  /** What a value of a key is called. @param {string} key @param {string} value */
  #titleOf(key, value) {
    return key === 'm' ? this.known.title(value) : value;
  }
}

/** @param {string} value */
function optionOf(value) {
  const option = document.createElement('option');
  option.value = value;
  return option;
}
