// The tag that puts the run on the stage into another page, with its last picture
// as the poster.

/** @import { Taken } from './share.js' */
import { element, onClick } from '../document/elements.js';
import { tag } from '../document/tag.js';
import { finalPicture } from '../files/pictures.js';
import { png } from '../files/png.js';
import { address } from '../load/files.js';
import { text } from '../text/i18n.js';
import { copied } from './copied.js';

export class Embed {
  /** @param {Taken} taken */
  constructor(taken) {
    this.taken = taken;
    this.tag = /** @type {HTMLTextAreaElement} */ (element('embed-tag'));
    element('embed-size').addEventListener('change', () => void this.show());
    onClick('embed-copy', () => void copied(this.tag));
    this.tag.addEventListener('focus', () => this.tag.select());
  }

  /** Writes the tag of what is on the stage now. */
  async show() {
    const { stage, made } = this.taken;
    const { whole, query } = made();
    const chosen = /** @type {HTMLInputElement} */ (document.querySelector('input[name="embed-size"]:checked'));
    const views = new URLSearchParams(query).get('views');
    const attributes = new Map([['recipe', whole]]);
    if (views) attributes.set('view', views);
    if (chosen.value !== 'l') attributes.set('size', chosen.value); // as wide as its column
    attributes.set('controls', '');
    const picture = stage.film.complete ? await dataURL(await png(finalPicture(stage.film, 1), '')) : '';
    const link = { href: `${address('')}#${whole}`, words: text('embed.link') };
    this.tag.value = tag(address('web/embed.js'), attributes, { picture, alt: text('embed.alt') }, link);
    /** @type {HTMLAnchorElement} */ (element('embed-builder')).href = `web/embed-builder.html#${whole}`;
  }
}

/** @param {Blob} blob @returns {Promise<string>} */
function dataURL(blob) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.readAsDataURL(blob);
  });
}
