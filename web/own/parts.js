// What the panel is made of. It is built when it is needed first, so that no
// visit downloads it in vain.

/** @import { Key } from '../text/i18n.js' */
import { say } from '../text/i18n.js';

/**
 * An element with what is in it.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, string>} [attributes] @param {(Node | Key)[]} inside one sentence, or elements
 * @returns {HTMLElementTagNameMap[T]}
 */
export function made(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  for (const each of inside) {
    if (typeof each === 'string') say(element, each);
    else element.append(each);
  }
  return element;
}

/** @param {string} id @param {string} kind its class @param {Key} name @param {() => void} act */
export function button(id, kind, name, act) {
  const element = made('button', { type: 'button', class: `button ${kind}`, id }, name);
  element.addEventListener('click', act);
  return element;
}

/** A field below its label. @param {string} id @param {Node | Key} name @param {Record<string, string>} [attributes] */
export function field(id, name, attributes = {}) {
  const input = made('input', { id, spellcheck: 'false', autocomplete: 'off', ...attributes });
  return { box: made('div', { class: 'field' }, made('label', { for: id }, name), input), input };
}

/**
 * A button that lets a person choose files.
 * @param {string} id @param {Key} name @param {Record<string, string>} attributes of the field behind it
 * @param {(files: File[]) => void} take
 */
export function chooser(id, name, attributes, take) {
  const input = made('input', { type: 'file', id: `${id}-input`, hidden: '', ...attributes });
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    input.value = ''; // the same can be chosen again
    take(files);
  });
  return [button(id, 'pill', name, () => input.click()), input];
}

/** Hands a person a file. @param {string} name @param {Blob} file */
export function handOver(name, file) {
  const link = made('a', { href: URL.createObjectURL(file), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
