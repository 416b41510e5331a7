import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { layers } from './compose.js';
import { Course } from './course.js';
import { checks } from './lesson-checks.js';
import { formulas } from './lesson-formulas.js';

/** @import { Read } from './lessons.js' */

const known = readFileSync(new URL('../../tools/pack/lessons/lab.go', import.meta.url), 'utf8');

/** @param {Record<string, string>} values */
const startedWith = (values) => /** @type {any} */ ({ fields: Object.entries(values).map(([key, value]) => ({ key, value })) });
/** @param {string} name @param {number} value @param {number} [real] */
const measure = (name, value, real = NaN) => ({ name, at: -1, of: '', value, real });
/** A drawing of one point. @param {number[]} xs where it is, one after the other */
const drawn = (...xs) => /** @type {any} */ ({ states: xs.map((x) => [Float32Array.of(x, 0)]) });

const scores = [measure('score', 0.02), measure('score', 0.5), measure('rare', 2.5), measure('off', 0.3), measure('mode', 0.5, 0.2), measure('mode', 0.5, 0.8)];

/** @param {Partial<Read>} [of] @returns {Read} */
const read = (of) => ({ started: startedWith({ at: '0.01', rule: 'scaled', stepsize: '0.2' }), t: 1, alphaBar: Float32Array.of(0.99, 0.5, 0.25), models: [{ take: undefined, measures: scores }], ...of });

test('formulas, checks and layers are those that the lessons may name', () => {
  const [, named = ''] = /var labFormulas = \[\]string\{([^}]*)\}/.exec(known) ?? [];
  assert.deepEqual(Object.keys(formulas).sort(), Array.from(named.matchAll(/"(\w+)"/g), ([, name]) => name).sort());
  const [, asked = ''] = /var labChecks = map\[string\]\[\]string\{\n([^]*?)\n\}/.exec(known) ?? [];
  assert.deepEqual(Object.keys(checks).sort(), Array.from(asked.matchAll(/^\t"(\w+)":/gm), ([, name]) => name).sort());
  const [, shown = ''] = /const layerForm = "\(([\w|]*)\)"/.exec(known) ?? [];
  assert.deepEqual(shown.split('|'), layers);
});

test('every formula has its values on a stage that it is for, and none on another', () => {
  const evidence = [measure('bound', 0.5), measure('reconstruction', 4), measure('divergence', 3.5)];
  const nothing = read({ started: undefined, alphaBar: new Float32Array(0), models: [{ take: undefined, measures: undefined }] });
  for (const [name, { letters, values }] of Object.entries(formulas)) {
    const shown = values(name === 'evidence' ? read({ models: [{ take: undefined, measures: evidence }] }) : read()) ?? '';
    assert.match(shown, /<mn>/, name);
    for (const math of [letters, shown]) assert.equal(math.split(/<\w/).length, math.split(/<\/|\/>/).length, `${name}: ${math}`);
    assert.equal(values(nothing), undefined, name);
  }
  const at = (/** @type {string} */ name, /** @type {Partial<Read>} */ of = {}) => formulas[name].values(read(of)) ?? '';
  assert.match(at('langevin'), /<mn>0.00001<\/mn>.*<mn>0.00447<\/mn>/); // 0.2/2·0.01²
  assert.equal(at('langevin', { started: startedWith({ at: '0.01', rule: 'fixed', stepsize: '0.2' }) }), '');
  assert.match(at('annealed'), /<mn>1<\/mn>.*<mn>0.1<\/mn>.*<mn>0.447<\/mn>/); // σ = 1 where ᾱ is a half
  assert.match(at('fisher'), /<mn>0.02<\/mn>.*<mn>2.5<\/mn>/);
  assert.match(at('modes'), /<mn>0.2<\/mn>.*<mn>0.8<\/mn>/);
  assert.match(at('flow', { t: 2 }), /<mn>−0.25<\/mn>.*<mn>0.707<\/mn>/); // β = 1 − 0.25/0.5
  assert.match(at('chain', { t: 0 }), /<mn>0.995<\/mn>.*<mn>0.01<\/mn>/);
});

test('checks are answered from the models', () => {
  const ask = (/** @type {string} */ name, /** @type {Read['models']} */ ...models) => checks[name](read(models.length > 0 ? { models } : {}));
  const model = (/** @type {ReturnType<typeof measure>[]} */ ...measures) => ({ take: undefined, measures });
  assert.equal(ask('far'), 'many');
  assert.equal(ask('far', model(measure('off', 0.001))), 'few');
  assert.deepEqual(ask('times'), { value: 125, within: 6.25 });
  assert.equal(ask('share'), 'half');
  assert.equal(ask('share', model(measure('mode', 0.79, 0.8), measure('mode', 0.21, 0.2))), 'fifth');
  assert.equal(ask('longer', { take: drawn(0, 2, 1), measures: [] }, { take: drawn(0, 0.5, 1), measures: [] }), 'first');
  assert.equal(ask('longer', { take: drawn(0, 0.5, 1), measures: [] }, { take: drawn(0, 2, 1), measures: [] }), 'second');
  assert.equal(ask('higher', model(measure('bound', 0.5)), model(measure('denoising', 1.5))), 'second');
  assert.equal(ask('higher', model(measure('bound', 0.5)), model(measure('bound', 0.25))), 'first');
  for (const name of Object.keys(checks)) assert.equal(ask(name, { take: undefined, measures: undefined }), undefined, name);
});

test('what a recipe came to is known once all that it draws is judged', () => {
  const course = new Course();
  course.begin(0);
  course.judge({ step: 100, measures: [measure('off', 0.5)] });
  assert.equal(course.end, undefined, 'a network that learns has come to nothing yet');
  course.judge({ step: 200, measures: [measure('off', 0.25)], whole: true });
  assert.deepEqual(course.end, { step: 200, measures: [measure('off', 0.25)], whole: true });
  course.begin(200);
  assert.equal(course.end, undefined, 'nor has another recipe');
});
