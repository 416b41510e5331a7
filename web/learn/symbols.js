// The letters of the field as MathML.

/** @import { Symbol } from './lines.js' */

const hat = (/** @type {string} */ letter) => `<mover accent="true"><mi>${letter}</mi><mo stretchy="false">^</mo></mover>`;
const grad = '<mo rspace="0">∇</mo><mspace width="0.1em"/><mi>log</mi><mspace width="0.17em"/><mi>p</mi>';

/** @type {Record<string, string>} */
const letters = {
  x: '<mi>x</mi>',
  seen: '<mover accent="true"><mi>x</mi><mo stretchy="false">~</mo></mover>',
  shown: '<mi>𝐱</mi>',
  known: '<mi>y</mi>',
  output: hat('F'),
  x0: `<msub>${hat('x')}<mn>0</mn></msub>`,
  epsilon: hat('ε'),
  v: hat('v'),
  score: hat('s'),
  slope: '<mi>d</mi>',
  z: '<mi>z</mi>',
  gradient: `<mrow>${grad}<mo stretchy="false">(</mo><mi>c</mi><mo stretchy="false">|</mo><msub><mi>x</mi><mi>t</mi></msub><mo stretchy="false">)</mo></mrow>`,
  variance: hat('u'),
  logvar: '<mrow><mi>log</mi><msup><mi>σ</mi><mn>2</mn></msup></mrow>',
  flow: `<msub>${hat('v')}<mi>f</mi></msub>`,
  deviation: '<mi>σ</mi>',
  mask: '<mi>m</mi>',
  byte: '<mi mathvariant="normal">b</mi>',
};

/** @type {Record<string, string>} */
const below = {
  class: '<mi>c</mi>',
  without: '<mi>∅</mi>',
  weaker: '<mi>w</mi>',
  output: '<mi>g</mi>',
  next: '<mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow>',
};

/** The children of a math element. @param {Symbol} symbol @param {number} back evaluations ago that it is of */
export function mathOf({ letter, index, primes }, back) {
  const base = letters[letter] ?? `<mi>${letter}</mi>`;
  const under = letter === 'x' && index === '' ? '<mi>t</mi>' : below[index];
  const above = primes > 0 ? `<mo>${'′'.repeat(primes)}</mo>` : back > 0 ? `<mrow><mo stretchy="false">(</mo><mo form="prefix">−</mo><mn>${back}</mn><mo stretchy="false">)</mo></mrow>` : '';
  if (under && above) return `<msubsup>${base}${under}${above}</msubsup>`;
  if (under) return `<msub>${base}${under}</msub>`;
  return above ? `<msup><mrow>${base}</mrow>${above}</msup>` : base;
}

/** What a reading of the network's answer is in letters. @type {Record<string, string>} */
const readings = { sample: letters.x0, epsilon: letters.epsilon, score: letters.score, v_prediction: letters.v, flow_prediction: letters.flow };

/** @param {string} kind of a reading */
export function readingOf(kind) {
  return readings[kind] ?? `<mi>${kind}</mi>`;
}
