// The two lines that put a sampler into another page: the script, and the element
// with its attributes, its poster, and the link that is left with it where scripts
// and unknown elements are taken out, as readers of feeds do.

/** CSS pixels that a poster is wide where nothing enlarges it: the picture in it has few. */
const shown = 256;

/** @param {string} value of an attribute */
export function escaped(value) {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

/**
 * @param {string} script address of embed.js
 * @param {Iterable<[name: string, value: string]>} attributes of the element, '' for one without a value
 * @param {{picture: string, alt: string}} poster the picture's address, '' for none, and what it shows
 * @param {{href: string, words: string}} link to the run on its own page
 */
export function tag(script, attributes, { picture, alt }, { href, words }) {
  const written = [...attributes].map(([name, value]) => (value ? ` ${name}="${escaped(value)}"` : ` ${name}`)).join('');
  const poster = picture && `<img src="${picture}" alt="${escaped(alt)}" width="${shown}">`;
  return `<script src="${escaped(script)}" async></script>\n<tweedie-sampler${written}>${poster}<a slot="link" href="${escaped(href)}">${escaped(words)}</a></tweedie-sampler>`;
}
