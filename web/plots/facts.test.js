import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learn } from '../text/i18n.js';
import { en, zh } from '../text/plots.js';
import { Course } from './course.js';
import { factsOf, inWords } from './facts.js';

learn(en, zh);

const level = { t: 10, alphaBar: 0.8, sigma: 0.5, logSNR: Math.log(4), beta: 0.3, deviation: 0.2 };
const schedule = Array.from({ length: 20 }, (_, t) => ({ ...level, t, beta: t / 1000, deviation: t / 500 }));
const course = new Course({ steps: [level, { ...level, t: -1 }], schedule, first: [] }, { steps: 1 });

test('what is known of a step is where it begins, and what is plotted', () => {
  const facts = factsOf('beta', course, 1, NaN);
  assert.deepEqual(facts.map(({ symbol, value, step }) => [symbol, value, step]), [
    ['t', '10', undefined], ['alphaBar', '0.8', undefined], ['snr', '4', undefined], ['sigma', '0.5', undefined], ['beta', '0.01', '0.3'],
  ]);
  assert.equal(inWords(facts), 'the step begins at t = 10; ᾱ is 0.8; the signal-to-noise ratio is 4; σ is 0.5; β is 0.01, and 0.3 of the whole step');
  assert.equal(factsOf('change', course, 1, 0.25).at(-1)?.value, '0.25');
  assert.equal(factsOf('snr', course, 1, NaN).at(-1)?.value, '1.39');
  assert.deepEqual(factsOf('signal', course, 2, NaN), []);
  const few = (/** @type {'signal' | 'deviation'} */ kind) => factsOf(kind, course, 1, NaN, true).map(({ symbol }) => symbol);
  assert.deepEqual(few('signal'), ['t', 'alphaBar', 'snr']);
  assert.deepEqual(few('deviation'), ['t', 'alphaBar', 'deviation']);
});

test('of a network without timesteps neither t nor ᾱ is said', () => {
  const without = new Course({ steps: [level, level], schedule: [], first: [] }, { steps: 1 });
  assert.deepEqual(factsOf('sigma', without, 1, NaN).map(({ symbol }) => symbol), ['snr', 'sigma']);
});

test('a picture that is noised begins as itself', () => {
  const noised = new Course({ steps: [{ ...level, t: -1, alphaBar: 1, sigma: 0, logSNR: Infinity }, level], schedule, first: [] }, { steps: 2 });
  assert.deepEqual(factsOf('signal', noised, 1, NaN).map(({ value }) => value), ['x₀', '1', '∞', '0']);
});
