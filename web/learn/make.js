// Elements that the lessons are made of.

/** @import { Key } from '../text/i18n.js' */
import { say } from '../text/i18n.js';

/** @template {keyof HTMLElementTagNameMap} T @param {T} name @param {string} [className] @param {(Node | string)[]} inside */
export function made(name, className = '', ...inside) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...inside);
  return element;
}

/** A button with a sign, which its label explains, or with the label alone. @param {Key} label @param {string} look @param {string} [sign] */
export function press(label, look, sign = '') {
  const button = made('button', 'button', sign);
  button.classList.add(look);
  button.type = 'button';
  if (sign) say(button, label, {}, 'aria-label');
  else say(button, label);
  if (sign) say(button, label, {}, 'title');
  return button;
}

/** A formula on a line of its own. */
export function math() {
  const element = document.createElementNS('http://www.w3.org/1998/Math/MathML', 'math');
  element.setAttribute('display', 'block');
  return element;
}
