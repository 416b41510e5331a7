// Numbers of a pixel in the working of a step.

/** @import { Worked } from '../types.js' */

/** The last line that has a quantity. @param {Pick<Worked, 'lines'>} worked @param {string} of */
export function valueOf({ lines }, of) {
  return lines.filter((line) => line.of === of).at(-1)?.value;
}

/** ε̂ as the step uses it. @param {Pick<Worked, 'lines' | 'predicts'>} worked */
export function noiseOf(worked) {
  const answer = worked.predicts === 'epsilon' ? (valueOf(worked, 'output') ?? valueOf(worked, 'class')) : undefined;
  return valueOf(worked, 'epsilon') ?? answer;
}

/** How much guidance the step has: what the answer with the class counts for in it. @param {Pick<Worked, 'lines'>} worked */
export function guidanceOf({ lines }) {
  const output = lines.find(({ of }) => of === 'output');
  return output?.terms.find(({ line }) => lines[line]?.of === 'class')?.factor;
}

/** What a classifier adds to the network's answer: the gradient's value, and what is taken of it from the answer. @param {Pick<Worked, 'lines'>} worked */
export function steeringOf({ lines }) {
  const output = lines.find(({ of, terms }) => of === 'output' && terms.some(({ line }) => lines[line]?.of === 'gradient'));
  const push = output?.terms.find(({ line }) => lines[line].of === 'gradient');
  const answer = output?.terms.find((term) => term !== push);
  return push && answer && { factor: -push.factor, gradient: lines[push.line].value, answer: answer.factor * lines[answer.line].value };
}
