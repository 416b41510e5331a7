// The panel below the menu of models: a person chooses a model, sees how it is
// brought, and what came of it. Whatever is asked for last takes the place of
// what is under way.

/** @import { Key, Values } from '../text/i18n.js' */
/** @import { FromConverter } from '../types.js' */
/** @import { File as Weights, Origin } from './bring.js' */
/** @import { Conversion, Refused, Wish } from './conversion.js' */
/** @import { Found } from './dropped.js' */
/** @import { Fallen, Host } from './own.js' */
/** @import { Words } from './report.js' */
import { element } from '../document/elements.js';
import { Count, tell } from '../document/readout.js';
import { enter, trouble } from '../document/state.js';
import { has, isSite } from '../load/files.js';
import { Trouble, troubleOf } from '../load/loader.js';
import { isPicture } from '../opened/opened.js';
import { bytes, foreign, learn, say } from '../text/i18n.js';
import { en, zh } from '../text/own.js';
import { fileName, fits, readAddress, renamed, urlOf } from './address.js';
import { brought } from './bring.js';
import { chosen, found, lost, readable } from './dropped.js';
import { Kept, NameTaken, cacheStore } from './kept.js';
import { button, chooser, field, handOver, made } from './parts.js';
import { report } from './report.js';
import { thumbnail } from './thumbnail.js';
import { fitName, metadataOf, short } from './weights.js';

/** @type {Origin} */
const here = { address: '', recipe: '', start: true, asked: true };

export class Panel {
  /** What converts, once that is needed. @type {Conversion | undefined} */
  conversion;
  /** What the page makes of the converter's words, once it has its own. @type {Words & Pick<typeof import('./why.js'), 'inWords'>} */
  words = { inWords: (english) => english, noted: (line) => (typeof line === 'string' ? line : line.text), word: (_, value) => value };
  /** Ends what is under way. @type {AbortController | undefined} */
  #stop;
  /** The model that the last sentence is about; it goes with the model. */
  #about = '';
  /** The bytes that have come of a file, and those that the sampler has prepared. @type {Count | undefined} */
  #count;
  /** @type {Count | undefined} */
  #prepared;
  /** What the button below a question does. */
  #load = () => {};

  /** @param {Host} host @param {Kept} kept */
  constructor(host, kept) {
    this.host = host;
    this.kept = kept;
    this.box = element('own');
    this.box.tabIndex = -1;
    this.said = made('p', { role: 'status', id: 'own-said' });
    // In English, whatever the page speaks: the converter's own words.
    this.detail = made('q', { class: 'hint', lang: 'en', id: 'own-detail' });
    this.bar = made('progress', { id: 'own-bar' });
    say(this.bar, 'own.bar', {}, 'aria-label');
    this.line = made('p', { class: 'hint', id: 'own-line' });
    this.work = made('div', { class: 'measured' }, this.bar, this.line);
    this.cancel = button('own-cancel', 'pill', 'run.cancel', () => this.#cancelled());
    this.go = button('own-load', 'solid', 'own.load', () => this.#load());
    this.question = made('div', { class: 'together' }, this.go, this.cancel);
    this.retry = made('div', { class: 'inside', id: 'own-retry' });
    this.report = made('div', { class: 'measured', id: 'own-report' });
    this.address = field('own-address', 'own.address', { type: 'url', inputmode: 'url' });
    this.choose = made('div', { class: 'inside' }, ...this.#choosers());
    this.box.replaceChildren(this.said, this.detail, this.work, this.question, this.retry, this.report, this.choose);
    this.box.addEventListener('keydown', (event) => this.#pressed(event));
    addEventListener('tweedie:done', () => void this.#pictured());
    this.#show('choose');
  }

  #choosers() {
    if (!isSite()) {
      const files = chooser('own-files', 'own.files', { accept: '.safetensors' }, (all) => this.#chosen(all));
      return [made('p', { class: 'hint' }, 'own.hint.single'), made('div', { class: 'presets' }, ...files)];
    }
    const files = chooser('own-files', 'own.files', { multiple: '' }, (all) => this.#chosen(all));
    const folder = chooser('own-folder', 'own.folder', { webkitdirectory: '' }, (all) => this.#chosen(all));
    const load = button('own-fetch', 'square', 'own.load', () => this.#typed());
    this.address.box.append(made('div', { class: 'together' }, this.address.input, load));
    return [made('p', { class: 'hint' }, 'own.hint'), made('div', { class: 'presets' }, ...files, ...folder), this.address.box];
  }

  /** Opens or closes it. */
  toggle() {
    this.#unfold(this.box.hidden);
  }

  /** @param {boolean} open */
  #unfold(open) {
    if (open === !this.box.hidden) return;
    this.box.hidden = !open;
    if (open) this.host.unfolded();
    element('own-open').setAttribute('aria-expanded', String(open));
    if (!open) return;
    if (!this.#stop) this.show();
    this.box.scrollIntoView({ block: 'nearest' });
  }

  /** Takes what fell on the page. @param {Fallen[]} fallen */
  take(fallen) {
    if (fallen.length === 0) return this.#say('own.strange');
    return this.#task(async (signal) => this.#judge(await found(fallen), here, signal));
  }

  /** @param {File[]} files */
  #chosen(files) {
    if (files.length > 0) void this.#task(async (signal) => this.#judge(await chosen(files), here, signal));
  }

  #typed() {
    const address = this.address.input.value.trim();
    void this.#task((signal) => this.#fetch(urlOf(address, location.href), { ...here, address }, signal));
  }

  /**
   * Brings the model that the page's own address names.
   * @param {string} text @param {boolean} start @param {boolean} asked
   */
  bring(text, start, asked) {
    const { address, url, recipe } = readAddress(text, location.href);
    const origin = { address, recipe, start, asked };
    const again = () => void this.bring(text, start, asked);
    const there = this.kept.from(address);
    if (there) return void this.host.open(renamed(recipe, there.entry.name), start, asked);
    this.address.input.value = address;
    this.#unfold(true);
    return this.#task(async (signal) => {
      if (url && isSite() && url.origin !== location.origin) await this.#asks(url, signal);
      await this.#fetch(url, origin, signal);
    }, again);
  }

  /** Waits until a person wants what another host has. @param {URL} url @param {AbortSignal} signal */
  async #asks(url, signal) {
    const values = { file: fileName(url), host: url.host };
    this.#show('question');
    this.#say('own.asking', values);
    // Nothing is being loaded, so the line below the stage must not say so.
    if (!this.host.models.current) say(element('status'), 'own.asking', values);
    const { sizeAt } = await fetched();
    const size = await sizeAt(url, signal);
    signal.throwIfAborted();
    const told = size > 0 ? { text: () => bytes(size) } : undefined;
    say(this.line, told ? 'own.size' : 'own.unsized', told);
    this.go.focus();
    await new Promise((resolve) => {
      this.#load = () => resolve(undefined);
      signal.addEventListener('abort', resolve);
    });
    signal.throwIfAborted();
  }

  /** @param {URL | undefined} url @param {Origin} origin @param {AbortSignal} signal */
  async #fetch(url, origin, signal) {
    if (!isSite()) throw new Trouble('own.alone');
    if (!url) throw new Trouble('own.noaddress');
    this.#show('work');
    this.#say('own.fetching', { file: fileName(url), host: url.host });
    const { fileAt, withSettings } = await fetched();
    const file = await fileAt(url, url.origin !== location.origin, (done, total) => this.#progress(done, total), signal);
    await this.#judge([{ path: file.name, file }], origin, signal, () => withSettings(url, file, signal));
  }

  /**
   * A recipe, weights, a picture, or something to convert.
   * @param {Found[]} files @param {Origin} origin @param {AbortSignal} signal
   * @param {() => Promise<Found[]>} [all] gives what the converter needs: the file, and the settings beside it
   */
  async #judge(files, origin, signal, all = async () => files) {
    signal.throwIfAborted();
    if (files.length === 1) {
      const [{ file }] = files;
      await readable(file);
      let plain = false;
      await this.host.file(file, () => (plain = true));
      if (!plain) return;
      const metadata = await metadataOf(file).catch(() => lost(file.name));
      signal.throwIfAborted();
      if (metadata) {
        fits(file.size);
        this.#show('work');
        this.#say('own.reading', { file: file.name });
        const { licence = '', data = '' } = metadata;
        return this.#accept({ bytes: await contentOf(file), name: fitName(file.name), licence, data }, origin, signal);
      }
      // One that calls itself a picture and is none is no checkpoint either, which is said at once.
      if (file.type.startsWith('image/') || (await isPicture(file).catch(() => lost(file.name)))) return this.host.picture(file);
      signal.throwIfAborted();
    } else if (await onlyPictures(files)) throw new Trouble('own.pictures', { count: files.length });
    if (!has('web/converter.wasm')) throw new Trouble('own.single');
    await this.#convert({ files: await all(), options: [], origin }, signal);
  }

  /** @param {Wish} wish @param {AbortSignal} signal */
  async #convert(wish, signal) {
    signal.throwIfAborted();
    this.#show('work');
    this.#say('own.starting');
    const { conversion } = await this.#converter();
    signal.throwIfAborted();
    const end = await conversion.convert(wish, (message) => this.#heard(message));
    signal.throwIfAborted();
    if (end && 'file' in end) await this.#accept(end.file, wish.origin, signal);
    else if (end) this.#refused(end.refused);
  }

  /**
   * What converts, and its words: a page without a converter does without.
   * @throws {Trouble}
   */
  async #converter() {
    const { Conversion, ...words } = await import('./conversion.js').catch(() => {
      throw new Trouble('own.noconverter');
    });
    this.conversion ??= new Conversion((wish) => void this.#task((signal) => this.#convert(wish, signal)));
    this.words = words;
    return { conversion: this.conversion };
  }

  /** @param {FromConverter} message */
  #heard(message) {
    if (message.type === 'loading') return this.#progress(message.done, message.total);
    if (message.type !== 'said') return;
    this.bar.removeAttribute('value');
    this.#say('own.working');
    say(this.line, 'own.line', { text: () => this.words.noted(message.line) });
  }

  /** @param {Weights} file @param {Origin} origin @param {AbortSignal} signal */
  async #accept(file, origin, signal) {
    this.#show('work');
    this.#say('own.trying');
    const { name, known } = await brought(this.host, this.kept, file, origin, signal, (done, total) => this.#prepares(done, total));
    this.#stop = undefined; // from here on it is a model like others
    const drawn = await this.host.open(renamed(origin.recipe, name), origin.start, origin.asked);
    const { current } = this.host.models;
    this.show();
    if (known) return this.#say('own.same', { name });
    if (current?.model !== name) return;
    this.#say(drawn ? 'own.done' : 'own.refused', { title: () => foreign(short(current.title)), name });
    this.#about = name;
  }

  /** Says why something cannot be converted, and asks for what would help. @param {Refused} refused */
  #refused({ key, values, detail, fields }) {
    this.#say(key, values);
    if (detail) say(this.detail, 'own.line', { text: () => this.words.inWords(detail) });
    this.#idle();
    this.retry.replaceChildren(...fields);
    this.#show(fields.length > 0 ? 'retry' : 'choose');
  }

  /** What is known of the model that is loaded, if a person has brought it. */
  show() {
    if (this.#stop) return;
    const { current } = this.host.models;
    const model = this.kept.get(current?.model ?? '');
    if (this.#about && this.#about !== current?.model) {
      say(this.said, (this.#about = ''));
      say(this.detail, '');
    }
    this.#show(model ? 'report' : 'choose');
    if (!model) return;
    const { entry, facts, said } = model;
    const title = { title: () => foreign(entry.title) };
    const again = this.conversion?.again(facts?.sha256 ?? '', here) ?? [];
    const list = report(model, () => this.words).map(([name, key, values]) => ({ name, key, values, box: made('dd') }));
    const head = made('p', { class: 'total' });
    say(head, 'own.line', { text: title.title });
    const remember = button('own-remember', 'pill', 'own.remember', () => void this.#remember(entry.name, remember));
    remember.setAttribute('aria-pressed', String(model.remembered));
    const lines = made('pre', { tabindex: '0', role: 'region' });
    const write = () => {
      for (const { box, key, values } of list) say(box, key, values);
      say(lines, 'own.line', { text: () => said.map((line) => this.words.noted(line)).join('\n') });
    };
    write();
    if (facts && !this.conversion) void this.#converter().then(write, () => {}); // of an earlier visit
    say(lines, 'own.lines', {}, 'aria-label');
    this.report.replaceChildren(
      head,
      made('dl', {}, ...list.map(({ name, box }) => made('div', {}, made('dt', {}, name), box))),
      ...(said.length > 0 ? [made('details', { class: 'options' }, made('summary', {}, 'own.lines'), made('div', { class: 'scrolls' }, lines))] : []),
      ...(again.length > 0 ? [made('details', { class: 'options' }, made('summary', {}, 'own.options'), made('div', { class: 'inside' }, ...again))] : []),
      made(
        'div',
        { class: 'presets' },
        button('own-save', 'pill', 'own.save', () => void this.#save(entry.name)),
        remember,
        button('own-forget', 'pill', 'own.forget', () => void this.#forget(entry.name)),
      ),
    );
  }

  /** The first run that a model finishes gives it its picture in the menu. */
  async #pictured() {
    const { film, models } = this.host;
    const model = this.kept.get(models.current?.model ?? '');
    if (!model || model.entry.picture) return;
    await this.kept.picture(model.entry.name, thumbnail(film()));
    models.add(model.entry);
  }

  /** @param {string} name */
  async #save(name) {
    const content = await this.kept.bytes(name);
    if (!content) return this.#say('own.lost', { file: name });
    handOver(`${name}.safetensors`, new Blob([content]));
    this.#say('save.saved', { file: `${name}.safetensors` });
  }

  /** @param {string} name @param {HTMLElement} switched */
  async #remember(name, switched) {
    const model = this.kept.get(name);
    if (!model) return;
    const title = () => foreign(model.entry.title);
    try {
      await this.kept.remember(name, !model.remembered);
      this.#say(model.remembered ? 'own.remembered' : 'own.unremembered', { title });
    } catch (error) {
      if (error instanceof NameTaken) return this.#say('own.taken', { name });
      const full = error instanceof DOMException && error.name === 'QuotaExceededError';
      this.#say(full ? 'own.full' : 'own.nostore', { size: () => bytes(model.entry.bytes) });
    }
    switched.setAttribute('aria-pressed', String(model.remembered));
  }

  /** @param {string} name */
  async #forget(name) {
    const { inputs, models } = this.host;
    const title = this.kept.get(name)?.entry.title ?? name;
    await this.kept.forget(name).catch(() => {}); // what cannot be read is as good as gone
    inputs.addresses.delete(name);
    models.remove(name);
    element('own-open').focus(); // the button that was pressed goes
    if (models.current?.model === name) await this.host.open('', true, true);
    this.show();
    this.#say('own.forgotten', { title: () => foreign(title) });
  }

  /**
   * Does what is asked for, in the place of what is under way.
   * @param {(signal: AbortSignal) => Promise<void>} act
   * @param {() => void} [again] tries once more what the page's address asks for
   */
  async #task(act, again) {
    this.#end();
    const stop = new AbortController();
    this.#stop = stop;
    const ended = () => this.#stop !== stop && this.#stop !== undefined;
    try {
      await act(stop.signal);
    } catch (error) {
      if (stop.signal.aborted || ended()) return;
      const { key, values } = troubleOf(error);
      this.#say(key, values);
      if (again && !this.host.models.current) {
        // The address stays, so that the link can be tried again.
        enter('failed');
        trouble(key, values, again);
      } else this.#idle();
    }
    if (this.#stop !== stop) return;
    this.#stop = undefined;
    if (!this.work.hidden) this.show();
  }

  #end() {
    this.#stop?.abort();
    this.#stop = undefined;
    this.conversion?.cancel();
  }

  /** A person has thought better of it. */
  #cancelled() {
    this.#end();
    this.show();
    this.#say('own.cancelled');
    this.#idle();
    element('own-open').focus();
  }

  /** What was there stays; where nothing was, the page's own model comes. */
  #idle() {
    if (this.host.models.current) this.host.stay();
    else void this.host.open('');
  }

  /** Shows one of the panel's faces. @param {'work' | 'question' | 'retry' | 'report' | 'choose'} face */
  #show(face) {
    const busy = face === 'work' || face === 'question';
    const { activeElement } = document;
    const within = this.box.contains(activeElement);
    this.work.hidden = !busy;
    this.bar.hidden = face !== 'work';
    this.question.hidden = !busy;
    this.go.hidden = face !== 'question';
    // Both may hold the fields of options, whose ids must be there once.
    for (const [part, name] of /** @type {[HTMLElement, string][]} */ ([[this.retry, 'retry'], [this.report, 'report']])) {
      part.hidden = face !== name;
      if (part.hidden) part.replaceChildren();
    }
    this.choose.hidden = busy;
    if (busy) {
      this.bar.removeAttribute('value');
      say(this.line, '');
      this.#count = this.#prepared = undefined;
      this.#unfold(true);
    }
    // Whoever was here by keyboard stays here, also when what had the focus goes.
    if (!within || activeElement?.checkVisibility()) return;
    const next = this.#focused(face);
    next?.focus();
    if (next instanceof HTMLInputElement) next.select();
  }

  /** What takes the focus on a face. @param {'work' | 'question' | 'retry' | 'report' | 'choose'} face @returns {HTMLElement | null} */
  #focused(face) {
    if (face === 'work') return this.cancel;
    if (face === 'question') return this.go;
    return face === 'retry' ? this.retry.querySelector('input') : this.box;
  }

  /** @param {number} done @param {number} total */
  #progress(done, total) {
    if (total > 0) this.bar.value = Math.min(1, done / total);
    this.#count ??= new Count(this.line);
    this.#count.show(done, total);
  }

  /** @param {number} done @param {number} total */
  #prepares(done, total) {
    this.bar.value = done / total;
    this.#prepared ??= new Count(this.line, 'load.preparing');
    this.#prepared.show(done, total);
  }

  /** One sentence, where it is looked for. @param {Key} key @param {Values} [values] */
  #say(key, values) {
    this.#about = '';
    say(this.detail, '');
    if (this.box.hidden) return tell(key, values);
    say(this.said, key, values);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault(); // Enter is this panel's, not that of the form around it
    if (event.target === this.address.input) this.#typed();
    else element('own-again').click();
  }
}

/** @param {File} file @throws {Trouble} */
async function contentOf(file) {
  try {
    return await file.arrayBuffer();
  } catch (error) {
    if (error instanceof RangeError) throw new Trouble('own.memory');
    return lost(file.name);
  }
}

/** @param {Found[]} files */
async function onlyPictures(files) {
  for (const { file } of files) if (!(await isPicture(file).catch(() => lost(file.name)))) return false;
  return true;
}

/** What loads from other hosts. @throws {Trouble} */
function fetched() {
  return import('./fetched.js').catch(() => {
    throw new Trouble('extras.lacking');
  });
}

/** The panel, once what is remembered is in the menu. @param {Host} host @param {string} memory where the browser notes them */
export async function panel(host, memory) {
  learn(en, zh);
  const kept = new Kept(cacheStore(memory, location.href));
  for (const { entry, address } of await kept.restore()) {
    host.models.add(entry);
    if (address) host.inputs.addresses.set(entry.name, address);
  }
  return new Panel(host, kept);
}
