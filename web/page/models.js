// The models of the page: which there are, which one is loaded, and the menu
// that brings another. Only one is in memory.

/** @import { Loader } from '../load/loader.js' */
/** @import { Model, ModelEntry } from '../types.js' */
import { downloadBytes } from '../load/download.js';
import { foreign, say, text } from '../text/i18n.js';
import { ModelMenu } from './model-menu.js';
import { tell } from '../document/readout.js';
import { element, onClick } from '../document/elements.js';
import { enter, setLoaded } from '../document/state.js';

const list = 'web/models.json';
/** How long a network waits for the list, in milliseconds. */
const patience = 3000;

export class Models {
  /** What the page has; nothing where its list cannot be had, so that any name may be tried. @type {ModelEntry[]} */
  #list = [];
  /** What a person has brought. @type {ModelEntry[]} */
  #own = [];
  /** The list, on its way; nothing once it is there or will not come. @type {Promise<void> | undefined} */
  #listing;
  #listed;
  /** What is to be there before a model is said to be lacking. @type {(() => unknown) | undefined} */
  awaited;
  /** @type {Model | undefined} */
  current;
  /** Ends the loading that is under way. @type {AbortController | undefined} */
  #loading;

  /**
   * @param {Loader} loader
   * @param {object} on
   * @param {(name: string) => void} on.choose a person chooses another
   * @param {(model: Model, size: number, recipe: string) => Promise<void>} on.loaded
   * @param {(name: string) => void} on.stay a person wants the model before
   */
  constructor(loader, on) {
    this.loader = loader;
    this.on = on;
    this.menu = new ModelMenu(on.choose);
    const late = new Promise((resolve) => setTimeout(resolve, patience));
    this.#listed = Promise.race([this.#offer(), late]);
    // Whoever looks for another model when there is no list has it fetched again.
    element('models').addEventListener('click', () => this.#list.length > 0 || void this.#offer());
    onClick('load-stay', () => {
      const name = this.current?.model ?? '';
      if (this.#isHere(name)) this.#stay(); // or else the other network is being built
      on.stay(name);
    });
  }

  get #all() {
    return [...this.#list, ...this.#own];
  }

  /** Settled once it is known which models there are. */
  listed() {
    return Promise.all([this.#listed, this.awaited?.()]);
  }

  /** What is known of a model. @param {string} name */
  entry(name) {
    return this.#all.find((entry) => entry.name === name);
  }

  /** Offers a model that a person has brought. @param {ModelEntry} entry */
  add(entry) {
    this.remove(entry.name);
    this.#own.push(entry);
    this.menu.offer(this.#all);
  }

  /** @param {string} name of a model that a person has brought */
  remove(name) {
    this.#own = this.#own.filter((entry) => entry.name !== name);
    this.menu.offer(this.#all);
  }

  /** Those that a person has brought. */
  get own() {
    return this.#own;
  }

  /** Why the page cannot have a model of that name, if it cannot. @param {string} name */
  async lacks(name) {
    await this.listed();
    if (this.#list.length === 0 || this.entry(name)) return undefined;
    const there = this.#all.map((entry) => entry.name).join(text('stage.alt.and'));
    const short = name.length > 40 ? `${name.slice(0, 40)}…` : name;
    return text('models.lacks', { name: short, there });
  }

  /** The others whose pictures are of the same size, so that two can be run side by side. */
  get others() {
    const { model = '', channels = 0, height = 0, width = 0 } = this.current ?? {};
    const shape = [channels, height, width].join();
    return this.#all.filter((entry) => entry.name !== model && entry.shape?.join() === shape);
  }

  /** All models that there are. */
  get all() {
    return this.#all;
  }

  /** Whether there is a classifier that can guide the model. */
  get guided() {
    return this.entry(this.current?.model ?? '')?.guided === true;
  }

  /** @param {string} name */
  title(name) {
    return foreign(this.entry(name)?.title ?? name);
  }

  /**
   * Sees that a model is the one that is loaded: false when another was asked
   * for meanwhile, or a person has cancelled.
   * @param {string} name
   * @param {() => void} again what a person can do when nothing comes for long
   * @param {string} recipe that it is wanted for
   * @throws {Trouble}
   */
  async have(name, again, recipe) {
    if (this.#isHere(name)) {
      if (this.#loading) this.#stay();
      return true;
    }
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    this.#begin(name);
    try {
      const { model, size } = await this.loader.load(name, again, loading.signal);
      if (loading.signal.aborted) return false;
      this.current = model;
      this.#show();
      setLoaded(true);
      element('loading').hidden = true;
      await this.on.loaded(model, size, recipe);
      return !loading.signal.aborted;
    } catch (error) {
      if (loading.signal.aborted) return false;
      const before = this.current?.model;
      // A model that went for one that is of no use can be chosen again.
      this.menu.value = before && this.#isHere(before) ? before : name;
      setLoaded(this.#isHere(before));
      throw error;
    } finally {
      if (this.#loading === loading) this.#loading = undefined;
    }
  }

  /** @param {string | undefined} name */
  #isHere(name) {
    return name !== undefined && name === this.current?.model && this.loader.engine.has(name);
  }

  /** @param {string} name */
  #begin(name) {
    setLoaded(false);
    element('trouble').hidden = true;
    element('loading').hidden = false;
    element('load-stay').hidden = this.current === undefined;
    say(element('load-stay'), 'load.stay', { title: () => foreign(this.current?.title ?? '') });
    enter('loading');
    this.menu.value = name;
    tell('status.loading');
  }

  /** What was there stays. */
  #stay() {
    this.#loading?.abort();
    this.#loading = undefined;
    element('loading').hidden = true;
    this.menu.value = this.current?.model ?? '';
    setLoaded(true);
    const { running } = this.loader.engine;
    enter(running ? 'running' : 'ready');
    tell(running ? 'status.running' : 'status.ready');
  }

  #offer() {
    this.#listing ??= this.#fetchList().finally(() => (this.#listing = undefined));
    return this.#listing;
  }

  async #fetchList() {
    try {
      const json = new TextDecoder().decode(await downloadBytes(list, () => {}));
      this.#list = JSON.parse(json).models;
    } catch {
      return; // what is loaded is offered alone
    }
    this.menu.offer(this.#all);
  }

  #show() {
    const model = /** @type {Model} */ (this.current);
    this.menu.add({ name: model.model, title: model.title, classes: model.classes, bytes: 0 });
    this.menu.value = model.model;
    const { licence = '', data = '' } = this.entry(model.model) ?? {};
    say(element('model-data'), 'models.about', { text: () => foreign(data) });
    say(element('model-licence'), 'models.about', { text: () => foreign(licence) });
  }
}
