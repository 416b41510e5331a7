import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../text/learn.js';
import { Lines } from './lines.js';
import { mathOf } from './symbols.js';

/** @import { Product, Worked, WorkLine } from '../types.js' */

const given = { rule: 'given', over: 1, back: 0, t: 0, deep: 0, most: 1, left: false, terms: [] };
const sum = { ...given, rule: 'sum' };
/** @param {number} factor @param {number} line @param {number} [by] @returns {Product} */
const times = (factor, line, by = -1) => ({ factor, line, by });

/** A guided step of DDIM whose guess is clipped, with fresh noise. @type {WorkLine[]} */
const guided = [
  { ...given, of: 'x', value: 0.5 },
  { ...given, of: 'class', value: 0.25, t: 400 },
  { ...given, of: 'without', value: 0.125, t: 400 },
  { ...sum, of: 'output', value: 0.375, terms: [times(2, 1), times(-1, 2)] },
  { ...sum, of: 'x0', value: 1.25, over: 0.25, terms: [times(1, 0), times(-0.5, 3)] },
  { ...sum, of: 'epsilon', value: 0.375, terms: [times(1, 3)] },
  { ...given, of: 'x0', rule: 'clip', value: 1, terms: [times(1, 4)] },
  { ...sum, of: 'epsilon', value: 0.5, over: 0.5, terms: [times(1, 0), times(-0.25, 6)] },
  { ...given, of: 'z', value: -1 },
  { ...sum, of: 'x', value: 0.75, terms: [times(0.5, 6), times(1, 7), times(0.25, 8)] },
  { ...given, of: 'byte', rule: 'round', value: 223, terms: [times(127.5, 9), times(127.5, -1)] },
];

/** @param {WorkLine[]} lines @param {Partial<Worked>} [more] @returns {Worked} */
const worked = (lines, more = {}) => ({
  ...{ type: 'worked', id: 1, recipe: 'm=toy', picture: 0, step: 3, steps: 9, predicts: 'epsilon', channels: 1, height: 4, width: 4 },
  ...{ row: 2, column: 1, channel: 0, lines, readings: [], seen: 0, pictures: new Uint8Array() },
  ...more,
});

test('lines that compute something are shown, and copies of others are not', () => {
  const lines = new Lines(worked(guided));
  assert.deepEqual(lines.shown, [3, 4, 6, 7, 9, 10]);
  assert.deepEqual(lines.same.slice(3, 7), [3, 4, 3, 6]);
  assert.equal(lines.after, 9);
});

test('symbols are of what the network predicts, and primes tell them apart', () => {
  const { symbols } = new Lines(worked(guided));
  assert.deepEqual(symbols[1], { letter: 'epsilon', index: 'class', primes: 0 });
  assert.deepEqual(symbols[3], { letter: 'epsilon', index: 'output', primes: 0 });
  assert.deepEqual(symbols[5], symbols[3]);
  assert.deepEqual(symbols[6], { letter: 'x0', index: '', primes: 1 });
  assert.deepEqual(symbols[9], { letter: 'x', index: 'next', primes: 0 });
  const v = new Lines(worked(guided, { predicts: 'v_prediction' }));
  assert.equal(v.symbols[1].letter, 'v');
  // No two lines that are not copies look the same.
  const looks = lines(guided).map((i) => mathOf(symbols[i], guided[i].back));
  assert.equal(new Set(looks).size, looks.length);
});

/** The lines that are no copies. @param {WorkLine[]} of */
function lines(of) {
  const { same } = new Lines(worked(of));
  return same.flatMap((line, i) => (line === i ? [i] : []));
}

test('the text has every number with all its digits, and ends in the byte', () => {
  const text = new Lines(worked(guided)).text();
  assert.equal(text, [
    'm=toy',
    'picture 1, step 3 of 9, column 1, row 2',
    '',
    'x = 0.5',
    'epsilon_class = 0.25',
    'epsilon_without = 0.125',
    'epsilon_output = 2·epsilon_class + -1·epsilon_without = 0.375',
    'x0 = (1·x + -0.5·epsilon_output) / 0.25 = 1.25',
    'x0′ = clip(1·x0, ±1) = 1',
    'epsilon = (1·x + -0.25·x0′) / 0.5 = 0.5',
    'z = -1',
    'x_next = 0.5·x0′ + 1·epsilon + 0.25·z = 0.75',
    'byte = round(127.5·x_next + 127.5) = 223',
    '',
  ].join('\n'));
});

test('an answer says how old its deep features are', () => {
  const lines = guided.map((line) => (line.of === 'class' ? { ...line, deep: 2 } : line));
  assert.match(new Lines(worked(lines)).text(), /^epsilon_class = 0.25 with the deep features of 2 evaluations before$/m);
});

test('what a line does has a sentence', () => {
  const does = (/** @type {Partial<WorkLine>} */ line, /** @type {WorkLine[]} */ before = []) => {
    const all = [...before, /** @type {WorkLine} */ ({ ...sum, value: 0, ...line }), { ...given, of: 'byte', value: 0 }];
    return new Lines(worked(all)).does(before.length);
  };
  const known = /** @type {WorkLine} */ ({ ...given, of: 'known', value: 0 });
  const first = { terms: [times(2, 0)] };
  const answers = [
    does({ of: 'output', ...first }, [{ ...known, of: 'gradient' }]),
    does({ of: 'output', ...first }, [{ ...known, of: 'class' }]),
    does({ of: 'output', ...first }, [{ ...known, of: 'x0' }]),
    ...['clip', 'scale'].map((rule) => does({ of: 'x0', rule })),
    does({ of: 'x', ...first }, [known]),
    does({ of: 'x' }),
    ...['seen', 'x0', 'epsilon', 'v', 'score', 'slope', 'logvar', 'deviation', 'shown'].map((of) => does({ of })),
    new Lines(worked(guided)).does(10),
  ];
  const way = [{ ...given, of: 'x', value: 0 }, { ...sum, of: 'x', value: 0, terms: [times(2, 0)] }, { ...sum, of: 'x', value: 0 }, { ...given, of: 'byte', value: 0 }];
  answers.push(new Lines(worked(way)).does(1));
  const sentences = Object.keys(en).filter((key) => key.startsWith('work.do.')).map((key) => key.slice('work.do.'.length));
  assert.deepEqual([...new Set(answers)].sort(), sentences.sort());
});
