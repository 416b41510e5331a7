// The tag that puts the run on the stage into another page, with its last picture
// as the poster.

/** @import { Taken } from './share.js' */
import { element, onClick } from '../document/elements.js';
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
    const view = views ? ` view="${escaped(views)}"` : '';
    const size = chosen.value === 'l' ? '' : ` size="${chosen.value}"`; // as wide as its column
    const poster = stage.film.complete ? await dataURL(await png(finalPicture(stage.film, 1), '')) : '';
    const img = poster && `<img src="${poster}" alt="${escaped(text('embed.alt'))}">`;
    this.tag.value =
      `<script src="${escaped(address('web/embed.js'))}" async></script>\n` +
      `<tweedie-sampler recipe="${escaped(whole)}"${view}${size} controls>${img}</tweedie-sampler>`;
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

/** @param {string} attribute */
function escaped(attribute) {
  return attribute.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
