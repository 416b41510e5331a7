// Conversions, as far as a person sees them: what the converter makes of files,
// why it refuses some, and fields for what it may be told. A copy of the page in
// one file converts nothing, and so does without this.

/** @import { Key, Values } from '../text/i18n.js' */
/** @import { FromConverter, Refused as Refusal } from '../types.js' */
/** @import { File as Weights, Origin } from './bring.js' */
/** @import { Found } from './dropped.js' */
import { Trouble } from '../load/loader.js';
import { knows, learn } from '../text/i18n.js';
import { en as notes, zh as notesZh } from '../text/note.js';
import { en, zh } from '../text/why.js';
import { Converter, NoConverter } from './converter.js';
import { noted, word } from './note.js';
import { button, field, made } from './parts.js';
import { fitName } from './weights.js';
import { inWords, why } from './why.js';

export { inWords, noted, word };

/** What a person may tell of any checkpoint, by the converter's flags. */
const always = ['title', 'classes', 'licence'];

/** @typedef {[flag: string, value: string]} Option */
/** @typedef {{files: Found[], options: Option[], origin: Origin}} Wish to convert files with some options */
/** @typedef {{key: Key, values: Values, detail: string, fields: Node[]}} Refused a sentence, what the converter says beside it, and what would help */

export class Conversion {
  #converter = new Converter();
  /** What came out last, to convert it with other options. @type {{wish: Wish, asks: string[], sha256: string} | undefined} */
  #last;

  /** @param {(wish: Wish) => void} retry converts once more */
  constructor(retry) {
    this.retry = retry;
    learn({ ...en, ...notes }, { ...zh, ...notesZh });
  }

  /**
   * @param {Wish} wish @param {(message: FromConverter) => void} heard what is said before the end
   * @returns {Promise<{file: Weights} | {refused: Refused} | undefined>} nothing if it was cancelled
   * @throws {Trouble}
   */
  async convert(wish, heard) {
    const { files, options } = wish;
    const end = await this.#converter.convert({ files, options }, heard).catch((error) => {
      throw error instanceof NoConverter ? new Trouble('own.noconverter') : error;
    });
    if (!end) return undefined;
    if (end.type === 'refused') return { refused: this.#refused(end, wish) };
    const { buffer, byteOffset, byteLength } = end.bytes;
    const bytes = byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
    const { asks, facts, said, name } = end;
    this.#last = { wish, asks, sha256: facts.sha256 };
    return { file: { bytes, name: fitName(name), licence: facts.licence, data: facts.data, facts, said } };
  }

  /** What is under way ends without a result. */
  cancel() {
    this.#converter.cancel();
  }

  /** @param {Refusal} end @param {Wish} wish @returns {Refused} */
  #refused(end, wish) {
    const { needs, asks } = end;
    // What is asked for and what was told stands open.
    const open = [...needs, ...wish.options.map(([flag]) => flag)];
    return { ...why(end), fields: needs.length + asks.length > 0 ? this.#fields(asks, wish, 'load.retry', open) : [] };
  }

  /**
   * Fields to convert a file once more, if it is what came out last.
   * @param {string} sha256 @param {Origin} origin of what comes out then
   */
  again(sha256, origin) {
    if (!this.#last || this.#last.sha256 !== sha256) return [];
    const { asks, wish } = this.#last;
    return this.#fields(asks, { ...wish, origin: { ...origin, address: wish.origin.address } }, 'own.again', [...asks, ...always]);
  }

  /**
   * Fields for what a person may tell the converter, and a button that converts with them.
   * @param {string[]} asks flags @param {Wish} wish that was carried out before @param {Key} title of the button
   * @param {string[]} open flags whose fields come first; the others are folded away
   */
  #fields(asks, wish, title, open) {
    const given = new Map(wish.options);
    const name = (/** @type {string} */ flag) => {
      const key = /** @type {Key} */ (`own.set.${flag}`);
      const hint = `${key}.hint`;
      return knows(hint) ? made('span', {}, made('span', {}, key), new Text(' '), made('span', { class: 'hint' }, hint)) : key;
    };
    const fields = [...new Set([...open, ...asks, ...always])].map((flag) => ({ flag, ...field(`own-set-${flag}`, name(flag), { value: given.get(flag) ?? '' }) }));
    const again = button('own-again', 'solid', title, () => {
      const options = fields.map(({ flag, input }) => /** @type {Option} */ ([flag, input.value.trim()]));
      this.retry({ ...wish, options: options.filter(([, value]) => value !== '') });
    });
    const boxes = (/** @type {boolean} */ first) => fields.filter(({ flag }) => open.includes(flag) === first).map(({ box }) => box);
    const rest = boxes(false);
    const folded = made('details', { class: 'options' }, made('summary', {}, 'own.options'), made('div', { class: 'inside' }, ...rest));
    folded.open = open.length === 0;
    return [...boxes(true), made('div', {}, again), ...(rest.length > 0 ? [folded] : [])];
  }
}
