import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Film } from '../stage/film.js';
import { checks } from './checks.js';
import { decidedAt, likeness, missedAt, roughness } from './film.js';
import { formulas } from './formulas.js';
import { levelsOf, priorBits, stepOf, weightsOf } from './levels.js';
import { number } from './mathml.js';
import { isRight } from './right.js';

/** @import { Step } from '../types.js' */

const known = readFileSync(new URL('../../tools/pack/lessons/known.go', import.meta.url), 'utf8');

/** A film of one picture, or of two, at ᾱ of each step. @param {number[]} bars @param {boolean} [noised] @param {number} [images] */
function filmOf(bars, noised = false, images = 1) {
  const film = new Film({ steps: bars.length, images, channels: 1, height: 1, width: 4, columns: 0 });
  film.noised = noised;
  bars.forEach((alphaBar, i) => {
    for (let image = 0; image < images; image++) {
      const shade = (/** @type {number} */ by) => Uint8Array.of(128 - by, 128 + by, 100 + image, 128);
      /** @type {Step} */
      const step = {
        ...{ type: 'step', id: 1, step: i + 1, steps: bars.length, image, images, t: 10 - i, alphaBar, ms: 1, largest: 1, rms: 1 },
        ...{ xt: shade(50), x0: shade(10 * (noised ? bars.length - i : i)), epsilon: shade(0), change: shade(0), mean: 0.25, stdDev: 0.5 + image },
      };
      film.add(step);
    }
  });
  return film;
}

test('formulas and checks are those that the lessons may name', () => {
  const [, named = ''] = /var formulas = \[\]string\{([^}]*)\}/.exec(known) ?? [];
  assert.deepEqual(Object.keys(formulas).sort(), Array.from(named.matchAll(/"(\w+)"/g), ([, name]) => name).sort());
  const [, asked = ''] = /var checks = map\[string\]\[\]string\{\n([^]*?)\n\}/.exec(known) ?? [];
  assert.deepEqual(Object.keys(checks).sort(), Array.from(asked.matchAll(/^\t"(\w+)":/gm), ([, name]) => name).sort());
});

test('levels are those of the step: towards the picture in a run, from it in one that is noised', () => {
  const run = filmOf([0.1, 0.4, 0.9]);
  assert.deepEqual(levelsOf(run, 1), { bar: 0.1, before: 0.4 });
  assert.deepEqual(levelsOf(run, 3), { bar: 0.9, before: 1 });
  const noised = filmOf([1, 0.5, 0.2], true);
  assert.deepEqual(levelsOf(noised, 3), { bar: 0.2, before: 0.5 });
  assert.deepEqual(levelsOf(noised, 1), { bar: 1, before: undefined });
  assert.equal(levelsOf(run, 4), undefined);
});

test('the step back follows from its levels', () => {
  const { alpha, beta, link, jump, x0, xt, variance } = stepOf(0.2, 0.5);
  const near = (/** @type {number} */ got, /** @type {number} */ want) => assert.ok(Math.abs(got - want) < 1e-12, `${got}, want ${want}`);
  near(alpha + beta, 1);
  near(1 / variance, link + jump);
  // By Bayes' rule: what each tells of the mean, by its precision.
  near(xt, (variance * link) / Math.sqrt(alpha));
  near(x0, variance * jump * Math.sqrt(0.5));
  // From x_t = √ᾱ·x_0 the mean is that of the level before.
  near(xt * Math.sqrt(0.2) + x0, Math.sqrt(0.5));
});

test('what a step weighs in the bound is the same for the guess and the noise', () => {
  const [bar, before] = [0.2, 0.5];
  const { guess, noise } = weightsOf(bar, before);
  const close = (/** @type {number} */ got, /** @type {number} */ want) => assert.ok(Math.abs(got - want) < 1e-12, `${got}, want ${want}`);
  close(guess, (1 - 0.25) / 2);
  close(noise, (guess * (1 - bar)) / bar); // x̂0 − x0 is √((1−ᾱ)/ᾱ) times ε − ε̂
  close(priorBits(0.5, 4, 4), 0.5); // −log2(1/2)/2
  close(priorBits(0, 9, 4), 0);
});

test('every formula has its values on a film that it is for, and none on an empty one', () => {
  const empty = new Film({ steps: 3, images: 1, channels: 1, height: 1, width: 4, columns: 0 });
  const line = { rule: 'given', over: 1, back: 0, t: 0, deep: 0, most: 1, left: false, terms: [] };
  const worked = /** @type {any} */ ({ predicts: 'epsilon', lines: [{ ...line, of: 'x', value: 0.5 }, { ...line, of: 'without', value: 0.125 }, { ...line, of: 'class', value: 0.25 }, { ...line, of: 'output', value: -0.25, terms: [{ factor: 3, line: 2, by: -1 }] }] });
  const steered = /** @type {any} */ ({ lines: [{ ...line, of: 'without', value: 0.25 }, { ...line, of: 'gradient', value: -0.125 }, { ...line, of: 'output', value: 0.85, terms: [{ factor: 1, line: 0, by: -1 }, { factor: -4.8, line: 1, by: -1 }] }] });
  for (const [name, { letters, values }] of Object.entries(formulas)) {
    const film = name === 'moments' ? filmOf([1, 0.5, 0.2], true, 2) : filmOf([0.1, 0.4, 0.9]);
    const shown = values({ film, step: 2, worked: name === 'steered' ? steered : worked }) ?? '';
    assert.match(shown, /<mn>/, name);
    for (const math of [letters, shown]) assert.equal(math.split(/<\w/).length, math.split(/<\/|\/>/).length, `${name}: ${math}`);
    assert.equal(values({ film: empty, step: 0 }), undefined, name);
  }
  assert.match(formulas.jump.values({ film: filmOf([0.25]), step: 1 }) ?? '', /<mn>0.5<\/mn>.*<mn>0.866<\/mn>/);
  assert.match(formulas.moments.values({ film: filmOf([1, 0.75], true, 2), step: 2 }) ?? '', /0\.250.*0\.500.*0\.250.*1\.500.*0\.000.*0\.500/s);
  assert.match(formulas.pixel.values({ film: filmOf([0.64, 1]), step: 1, worked }) ?? '', /<mn>0.813<\/mn>(?:<\/mrow>)+<\/mtd><\/mtr><\/mtable>$/); // (0.5 + 0.6·0.25)/0.8
  const at = (/** @type {string} */ name, film = filmOf([0.1, 0.4, 0.9]), step = 2) => formulas[name].values({ film, step, worked }) ?? '';
  assert.match(at('errors', filmOf([0.2]), 1), /<mn>−2<\/mn>/);
  assert.match(at('score', filmOf([0.75]), 1), /<mn>−2<\/mn>/);
  assert.match(at('logsnr', filmOf([0.5]), 1), /<mn>0<\/mn>/);
  assert.match(at('learned', filmOf([1 / (1 + Math.E)]), 1), /<mn>1<\/mn>/);
  assert.match(at('worth'), /<mn>4.17<\/mn>/); // (0.9/0.1 − 0.4/0.6)/2
  assert.match(at('guided'), /<mn>0.125<\/mn>.*<mn>3<\/mn>.*<mn>0.25<\/mn>/);
  assert.match(formulas.steered.values({ film: filmOf([0.64, 1]), step: 1, worked: steered }) ?? '', /<mn>0.25<\/mn>.*<mn>8<\/mn>.*<mn>0.6<\/mn>.*<mn>−0.125<\/mn>/); // 4.8 = 8·0.6
  assert.match(at('stride'), /<mn>1.3<\/mn>/); // log(13.5)/2
  // Two of the four values are missed, by 40 of 127.5.
  assert.equal(number(missedAt(filmOf([0.1, 0.4, 0.9]), 2) ?? 0), number((2 * 40 ** 2) / 127.5 ** 2));
  assert.equal(number(-0.12345), '−0.123');
});

test('checks are answered from the film, at the step of the card', async () => {
  const run = filmOf([0.1, 0.4, 0.9]);
  const noised = filmOf([1, 0.5, 0.49, 0.01], true, 2);
  const work = async () => /** @type {any} */ ({ lines: [{ of: 'z', terms: [] }, { of: 'x', terms: [{ factor: 0, line: 0, by: -1 }] }] });
  const ask = (/** @type {string} */ name, film = run, step = 2) => checks[name]({ films: [film, film], step, work, place: { column: 2, row: 0 } });
  assert.deepEqual(ask('half', noised), { value: 3, within: 0 });
  assert.equal(ask('same', noised), 'differ');
  assert.deepEqual(ask('loud', noised), { value: 1, within: 0 });
  assert.equal(ask('keeps', noised, 3), 'link');
  assert.equal(ask('guess', noised), 'blur');
  assert.equal(ask('contrast'), 'last');
  assert.deepEqual(ask('decided'), { value: 3, within: 0 });
  assert.equal(decidedAt(run, 2), 0.5);
  assert.equal(ask('sign'), 'opposite');
  assert.deepEqual(ask('byte'), { value: 100, within: 0 });
  assert.equal(ask('narrower'), 'picture');
  assert.equal(ask('heavier', filmOf([0.1, 0.11]), 1), 'xt');
  assert.equal(ask('heavier', run, 3), 'x0');
  assert.equal(ask('smaller'), 'smaller');
  assert.equal(ask('ends'), 'same');
  assert.equal(await ask('draws'), 'none');
  assert.equal(ask('louder'), 'noise');
  assert.deepEqual(ask('grows'), { value: 3, within: 0 });
  assert.equal(ask('steep'), 'last');
  assert.equal(ask('pushes'), 'first');
  assert.deepEqual(ask('drowned', filmOf([0.05, 0.09, 0.1])), { value: 2, within: 0 });
  assert.equal(ask('positive'), 'positive');
  assert.equal(ask('positive', run, 3), 'negative');
  assert.equal(ask('even', filmOf([0.1, 0.25, 0.5])), 'even');
  assert.equal(ask('even', filmOf([0.1, 0.11, 0.9])), 'uneven');
  assert.deepEqual(ask('longest', filmOf([0.1, 0.11, 0.9])), { value: 2, within: 0 });
  assert.deepEqual(ask('terms'), { value: 2, within: 0 });
  assert.equal(ask('little', filmOf([1e-4, 0.5])), 'less');
  assert.equal(ask('little', filmOf([0.5, 0.9])), 'more');
  const course = filmOf([0.01, 0.02, 0.03, 0.5, 0.9]);
  for (const name of ['worthier', 'dearer', 'dropped']) assert.equal(ask(name, course), 'late', name);
  assert.equal(ask('dearer', filmOf([0.01, 0.0101, 0.3, 0.5, 0.9])), 'early');
  assert.deepEqual(ask('costliest', course), { value: 4, within: 0 });
  assert.equal(ask('closer'), 'late');
  assert.equal(ask('varied'), undefined, 'of one picture');
  const pair = (/** @type {number[]} */ ...second) => {
    const film = new Film({ steps: 1, images: 2, channels: 1, height: 1, width: 4, columns: 0 });
    const ends = [Uint8Array.of(0, 100, 0, 100), Uint8Array.from(second)];
    ends.forEach((xt, image) => film.add({ type: 'step', id: 1, step: 1, steps: 1, image, images: 2, t: 0, alphaBar: 1, ms: 1, largest: 1, rms: 1, xt, x0: xt, epsilon: xt, change: xt }));
    return film;
  };
  const [alike, other] = [pair(50, 250, 50, 250), pair(100, 100, 0, 0)];
  assert.ok(Math.abs(likeness(alike) - 1) < 1e-12 && Math.abs(likeness(other)) < 1e-12);
  assert.equal(checks.varied({ films: [alike, other], step: 1, work }), 'right');
  assert.deepEqual(await checks.unclipped({ films: [run], step: 2, work: async () => /** @type {any} */ ({ lines: [{ of: 'x0', value: 1.5 }, { of: 'x0', value: 1 }] }) }), { value: 1.5, within: 0.03 });
  assert.equal(ask('rougher'), 'right');
  assert.equal(roughness(Uint8Array.of(1, 4, 9, 9, 10, 10), { width: 3, channels: 1 }), (3 + 5 + 1) / 4);
  assert.deepEqual(checks.fewer({ films: [filmOf([0.1, 0.5, 0.9]), filmOf([0.1])], step: 1, work }), { value: 2, within: 0 });
  const told = async () => /** @type {any} */ ({ predicts: 'epsilon', lines: [{ of: 'output', value: 0.5, terms: [] }] });
  assert.deepEqual(await checks.byhand({ films: [filmOf([0.75])], step: 1, work: told }), { value: -1, within: 0.02 });
  assert.deepEqual(await checks.guided({ films: [run], step: 1, work: told }), { value: 0.5, within: 0.02 });
});

test('an answer is right within its bound, however it is written', () => {
  assert.ok(isRight('same', 'same'));
  assert.ok(!isRight('same', 'differ'));
  for (const given of ['0.51', '0,51', ' 0.5050 ']) assert.ok(isRight({ value: 0.508, within: 0.005 }, given), given);
  for (const given of ['', '0.5', 'half', '51']) assert.ok(!isRight({ value: 0.508, within: 0.005 }, given), given);
  for (const given of ['−2', '－２']) assert.ok(isRight({ value: -2, within: 0 }, given), given);
  for (const given of ['0x10', '0b1', 'Infinity', '1e', '.']) assert.ok(!isRight({ value: 16, within: 1e9 }, given), given);
});
