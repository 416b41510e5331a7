// A model that a person brings: dropped on the page, chosen, or at an address.
// This is what the page needs of it from the beginning. The rest is fetched when
// it is needed first (panel.js).

/** @import { Engine } from '../engine/engine.js' */
/** @import { Loader } from '../load/loader.js' */
/** @import { Inputs } from '../run/inputs.js' */
/** @import { Film } from '../stage/film.js' */
/** @import { Model, ModelEntry } from '../types.js' */
/** @import { Panel } from './panel.js' */
import { onClick } from '../document/elements.js';
import { tell } from '../document/readout.js';

/** Where the browser notes that this page remembers models, so that one without any asks for nothing. */
const memory = () => `tweedie-own ${new URL('.', location.href).pathname}`;

/**
 * The models of the page, as far as they are needed here.
 * @typedef {object} Models
 * @property {Model | undefined} current
 * @property {() => Promise<unknown>} listed
 * @property {(name: string) => ModelEntry | undefined} entry
 * @property {(entry: ModelEntry) => void} add
 * @property {(name: string) => void} remove
 * @property {(() => unknown) | undefined} awaited what a list of all models waits for
 */

/**
 * What is asked of the page.
 * @typedef {object} Host
 * @property {Engine} engine @property {Loader} loader @property {Inputs} inputs @property {Models} models
 * @property {(recipe: string, start?: boolean, asked?: boolean) => Promise<boolean>} open runs a recipe: whether it can be run
 * @property {() => void} stay what is on the stage stays, so the address says so
 * @property {(file: File, other: (file: File) => void) => Promise<void>} file runs the recipe in a file, or gives it back
 * @property {(file: File) => void} picture takes a file without a recipe as a picture
 * @property {() => void} unfolded the panel is open, and has to be seen
 * @property {() => Film} film of the run that is on the stage
 */

/** What fell: an entry of a file system where the browser gives one. @typedef {FileSystemEntry | File} Fallen */

export class Own {
  /** The rest, once it is there; nothing if it could not be had. @type {Promise<Panel | undefined> | undefined} */
  ready;

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    host.models.awaited = () => this.ready;
    host.loader.own = async (name) => (await this.ready)?.kept.file(name);
    onClick('own-open', () => void this.ask((panel) => panel.toggle()));
    // What is not taken here a browser may open in place of the page.
    addEventListener('dragover', (event) => isOurs(event) && event.preventDefault());
    addEventListener('drop', (event) => this.#dropped(event));
    addEventListener('paste', (event) => this.#pasted(event));
    try {
      if (localStorage.getItem(memory())) void this.ask(() => {});
    } catch {
      // Storage is refused, so nothing is remembered.
    }
  }

  /** Does something with the rest. @param {(panel: Panel) => void} act */
  async ask(act) {
    this.ready ??= import('./panel.js').then(({ panel }) => panel(this.host, memory())).catch(() => undefined);
    const panel = await this.ready;
    if (panel) return act(panel);
    this.ready = undefined; // the next wish tries again
    tell('extras.lacking');
  }

  /**
   * Brings the model of an address, and opens the recipe beside it.
   * @param {string} text of the address, with model= @param {boolean} start @param {boolean} asked
   */
  bring(text, start, asked) {
    return this.ask((panel) => void panel.bring(text, start, asked));
  }

  /** Another model is loaded. */
  loaded() {
    void this.ready?.then((panel) => panel?.show());
  }

  /** @param {DragEvent} event */
  #dropped(event) {
    if (!isOurs(event)) return;
    event.preventDefault();
    // The browser gives these during the event alone.
    const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file');
    const fallen = items.map((item) => item.webkitGetAsEntry() ?? item.getAsFile()).filter((each) => each !== null);
    const { files, types } = /** @type {DataTransfer} */ (event.dataTransfer);
    const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector('dialog[open]'));
    const taken = (/** @type {Fallen[]} */ all) => void this.ask((panel) => panel.take(all));
    dialog?.close();
    const [first] = fallen;
    // A picture of another page comes as a file in some browsers only.
    if (types.includes('text/html')) return taken([]);
    if (files.length !== 1 || (first && 'isDirectory' in first && first.isDirectory)) return taken(fallen);
    void this.host.file(files[0], (file) => taken([file]));
  }

  /** A picture is taken as one that falls on the page is. @param {ClipboardEvent} event */
  #pasted(event) {
    const pasted = event.clipboardData?.files[0];
    if (!pasted?.type.startsWith('image/')) return;
    event.preventDefault();
    void this.host.file(pasted, this.host.picture);
  }
}

/** Whether the page takes what is dragged; fields take words themselves. @param {DragEvent} event */
function isOurs({ dataTransfer, target }) {
  if (dataTransfer?.types.includes('Files')) return true;
  const field = target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.selectionStart !== null);
  return !field || target.readOnly || target.disabled;
}
