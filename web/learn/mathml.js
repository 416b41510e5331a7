// What formulas are made of: parts of MathML, in letters and numbers.

import { language } from '../text/i18n.js';

export const mi = (/** @type {string} */ letter) => `<mi>${letter}</mi>`;
export const mo = (/** @type {string} */ sign) => `<mo>${sign}</mo>`;
export const row = (/** @type {string[]} */ ...parts) => `<mrow>${parts.join('')}</mrow>`;
export const sub = (/** @type {string} */ base, /** @type {string} */ below) => `<msub>${base}${below}</msub>`;
export const root = (/** @type {string[]} */ ...parts) => `<msqrt>${parts.join('')}</msqrt>`;
export const over = (/** @type {string} */ above, /** @type {string} */ below) => `<mfrac>${above}${below}</mfrac>`;
export const hat = (/** @type {string} */ letter) => `<mover accent="true">${mi(letter)}<mo stretchy="false">^</mo></mover>`;
export const open = '<mo stretchy="false">(</mo>';
export const close = '<mo stretchy="false">)</mo>';
export const minus = mo('−');
export const plus = mo('+');
export const is = mo('=');
export const times = mo('·');
export const one = '<mn>1</mn>';
export const zero = '<mn>0</mn>';
export const two = '<mn>2</mn>';
export const nabla = '<mo rspace="0">∇</mo>';
export const space = '<mspace width="0.17em"/>';
/** Of what stands after it, as one word. */
export const log = `<mspace width="0.1em"/>${mi('log')}${space}`;
export const bars = '<mo stretchy="false">‖</mo>';

/** The square of a norm. @param {string} of */
export const squared = (of) => `<msup>${row(bars, of, bars)}${two}</msup>`;
/** @param {string} from @param {string} to */
export const divergence = (from, to) => row(mi('KL'), open, from, bars, to, close);

/** Formulas one below the other. @param {string[]} all */
export const stacked = (...all) => `<mtable displaystyle="true">${all.map((line) => `<mtr><mtd>${line}</mtd></mtr>`).join('')}</mtable>`;

/** A formula on several lines, of which those after the first are moved in. @param {string} first @param {string[]} others */
export const lines = (first, ...others) => stacked(first, ...others.map((line) => row('<mspace width="1.2em"/>', line)));

/** A number to read. @param {number} value @param {number} [digits] */
export function number(value, digits = 3) {
  const small = Math.abs(value) < 5e-7;
  return (small ? 0 : value).toLocaleString(language(), { maximumSignificantDigits: digits }).replace('-', '−');
}

export const mn = (/** @type {number} */ value) => `<mn>${number(value)}</mn>`;
/** A number in a product or under a fraction, in parentheses if it is negative. @param {number} value */
export const factor = (value) => (value < 0 && number(value) !== '0' ? `${open}${mn(value)}${close}` : mn(value));
export const word = (/** @type {string} */ words) => `<mtext>${words}</mtext>`;
