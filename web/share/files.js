// Files of what was drawn.

/** @import { Taken } from './share.js' */
import { demo } from '../files/demo.js';
import { DownloadError } from '../load/download.js';
import { bytes, say } from '../text/i18n.js';
import { withoutStop } from '../load/loader.js';
import { animation, finalPicture, strip, trace } from '../files/pictures.js';
import { png } from '../files/png.js';
import { element, onClick } from '../document/elements.js';
import { hasEncoders, NoEncoderError, video } from '../files/video.js';

export class Files {
  #cancelled = false;
  #busy = false;

  /** @param {Taken} taken */
  constructor({ stage, made, take }) {
    this.made = made;
    const views = () => stage.views;
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
    element('share').addEventListener('close', () => (this.#cancelled = true));
    const input = /** @type {HTMLInputElement} */ (element('save-file'));
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      if (file) take(file);
      input.value = '';
    });
  }

  /** Everything is made when it is asked for. */
  show() {}

  /** @param {string} ending '' for that of the file's type @param {() => Promise<Blob | undefined>} make */
  async #write(ending, make) {
    if (this.#busy) return;
    this.#busy = true;
    this.#cancelled = false;
    const { name } = this.made();
    say(element('share-said'), '');
    let file;
    try {
      file = await make();
    } catch (error) {
      if (error instanceof DownloadError) {
        const { file: lacking, status, reason } = error;
        return say(element('share-said'), reason, { file: lacking, status });
      }
      if (error instanceof NoEncoderError) return say(element('share-said'), 'save.novideo');
      return say(element('share-said'), 'save.failed', { detail: error instanceof Error ? withoutStop(error.message) : '' });
    } finally {
      this.#busy = false;
      element('save-progress').hidden = true;
    }
    if (!file) return say(element('share-said'), 'save.cancelled');
    const { size } = file;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = `${name}.${ending || file.type.split('/')[1]}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    say(element('share-said'), 'save.saved', { file: link.download, size: () => bytes(size) });
  }

  /** @param {number} part */
  #progress(part) {
    element('save-progress').hidden = false;
    /** @type {HTMLProgressElement} */ (element('save-bar')).value = part;
    return !this.#cancelled;
  }
}
