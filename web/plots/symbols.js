// Symbols as mathematics is set.

const mathematics = 'http://www.w3.org/1998/Math/MathML';

/** @param {string} name @param {(string | Element)[]} content @param {Record<string, string>} [attributes] */
function made(name, content, attributes = {}) {
  const element = document.createElementNS(mathematics, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
}

/** @param {string} letter */
const one = (letter) => [made('mi', [letter])];
/** @param {string} letter @param {string} above */
const under = (letter, above) => [made('mover', [made('mi', [letter]), made('mo', [above], { stretchy: 'false' })], { accent: 'true' })];

const contents = {
  t: () => one('t'),
  alphaBar: () => under('α', '¯'),
  snr: () => one('SNR'),
  log: () => [made('mi', ['log']), made('mspace', [], { width: '0.17em' }), made('mi', ['SNR'])],
  sigma: () => one('σ'),
  beta: () => one('β'),
  deviation: () => [made('msqrt', under('β', '~'))],
  change: () => [made('mi', ['Δ'], { mathvariant: 'normal' }), made('mi', ['x'])],
  loss: () => [made('msub', [made('mi', ['L']), made('mrow', [made('mi', ['t']), made('mo', ['−']), made('mn', ['1'])])])],
  apart: () => [made('mi', ['x']), made('mo', ['−']), made('mi', ['x′'])],
};
/** @typedef {keyof typeof contents} Symbol */

/** @param {Symbol} symbol */
export function symbolOf(symbol) {
  return made('math', contents[symbol]());
}
