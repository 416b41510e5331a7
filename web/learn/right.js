// Which answers to a question are right.

/** The right answer: one of the choices, or a number and how far from it is right. @typedef {string | {value: number, within: number}} Answer */

const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/** Whether an answer is the right one. @param {Answer} right @param {string} given */
export function isRight(right, given) {
  if (typeof right === 'string') return given === right;
  const written = given.normalize('NFKC').trim().replace(',', '.').replace('−', '-');
  return decimal.test(written) && Math.abs(Number(written) - right.value) <= right.within;
}
