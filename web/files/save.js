// Files of what was drawn, and pictures that come back: a PNG that carries a
// recipe is run again and compared with itself.

/** @import { Stage } from '../stage/stage.js' */
/** @import { Brought } from './demo.js' */
import { demo } from './demo.js';
import { DownloadError } from '../load/download.js';
import { say } from '../text/i18n.js';
import { withoutStop } from '../load/loader.js';
import { animation, finalPicture, strip, trace } from './pictures.js';
import { png, recipeIn } from './png.js';
import { allow, element, onClick } from '../document/elements.js';
import { hasEncoders, NoEncoderError, video } from './video.js';

/**
 * weights: names of those in use, own: those among them that a person has brought; whole: the recipe with the pixels that it begins with; query: the address's, how it is looked at
 * @typedef {{recipe: string, whole: string, query: string, sha256: string, name: string, weights: string[], own?: Brought}} Made
 */

export class Save {
  #cancelled = false;
  #busy = false;

  /**
   * @param {Stage} stage
   * @param {() => Made} made what is on the stage
   * @param {(recipe: string) => void} open
   * @param {(file: File) => void} foreign takes a file without a recipe
   */
  constructor(stage, made, open, foreign) {
    this.stage = stage;
    this.made = made;
    this.open = open;
    this.foreign = foreign;
    this.dialog = /** @type {HTMLDialogElement} */ (element('save'));
    const views = () => stage.views;
    onClick('save-open', () => this.dialog.showModal());
    onClick('save-close', () => this.dialog.close());
    onClick('save-picture', () => {
      const scale = Number(/** @type {HTMLSelectElement} */ (element('save-scale')).value);
      return this.#write('png', () => png(finalPicture(stage.film, scale), made().whole));
    });
    onClick('save-strip', () => this.#write('strip.png', () => png(strip(stage.film, views()), made().whole)));
    onClick('save-animation', () =>
      this.#write('gif', () => animation(stage.film, views(), made().recipe, (part) => this.#progress(part))),
    );
    element('choice-video').hidden = !hasEncoders();
    onClick('save-video', () =>
      this.#write('', () => video(stage.film, views(), made().recipe, (part) => this.#progress(part))),
    );
    onClick('save-trace', () => this.#write('safetensors', async () => trace(stage.film, made().recipe, made().sha256)));
    onClick('save-demo', () => this.#write('html', () => demo(made(), (part) => this.#progress(part))));
    onClick('save-cancel', () => (this.#cancelled = true));
    this.dialog.addEventListener('close', () => (this.#cancelled = true));
    this.#takeFiles();
  }

  /** Only a whole run can be saved. @param {boolean} whole */
  offer(whole) {
    allow('save-open', whole);
    if (!whole && this.dialog.open) this.dialog.close();
  }

  /** @param {string} ending '' for that of the file's type @param {() => Promise<Blob | undefined>} make */
  async #write(ending, make) {
    if (this.#busy) return;
    this.#busy = true;
    this.#cancelled = false;
    const { name } = this.made();
    say(element('save-said'), '');
    let file;
    try {
      file = await make();
    } catch (error) {
      if (error instanceof DownloadError) {
        return say(element('save-said'), error.reason, { file: error.file, status: error.status });
      }
      if (error instanceof NoEncoderError) return say(element('save-said'), 'save.novideo');
      return say(element('save-said'), 'save.failed', { detail: error instanceof Error ? withoutStop(error.message) : '' });
    } finally {
      this.#busy = false;
      element('save-progress').hidden = true;
    }
    if (!file) return say(element('save-said'), 'save.cancelled');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = `${name}.${ending || file.type.split('/')[1]}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    say(element('save-said'), 'save.saved', { file: link.download });
  }

  /** @param {number} part */
  #progress(part) {
    element('save-progress').hidden = false;
    /** @type {HTMLProgressElement} */ (element('save-bar')).value = part;
    return !this.#cancelled;
  }

  #takeFiles() {
    const input = /** @type {HTMLInputElement} */ (element('save-file'));
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      if (file) void this.take(file);
      input.value = '';
    });
  }

  /**
   * Runs the recipe that is in a file.
   * @param {File} file @param {(file: File) => void} [foreign] takes one without a recipe
   */
  async take(file, foreign = this.foreign) {
    const recipe = await recipeIn(file).catch(() => undefined); // then foreign says that it cannot be read
    if (this.dialog.open) this.dialog.close();
    if (recipe === undefined) return foreign(file);
    this.open(recipe);
  }
}
