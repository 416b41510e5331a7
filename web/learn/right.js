// Which answers to a question are right.

/** The right answer: one of the choices, or a number and how far from it is right. @typedef {string | {value: number, within: number}} Answer */

/** Whether an answer is the right one. @param {Answer} right @param {string} given */
export function isRight(right, given) {
  if (typeof right === 'string') return given === right;
  const value = Number(given.trim().replace(',', '.').replace('−', '-'));
  return given.trim() !== '' && Math.abs(value - right.value) <= right.within;
}
