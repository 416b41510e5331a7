import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasMenu, knobs, nameOf, stepsIn, textOf, worthy } from './knobs.js';

test('two samplers are what is offered first', () => {
  const [first] = Object.keys(knobs);
  assert.equal(first, 'k');
  const of = (/** @type {string} */ value) => worthy('k', /** @type {any} */ ({ k: { value } }), []);
  assert.deepEqual(['ddim', 'euler', 'ddpm'].map(of), ['ddpm', 'ddpm', 'ddim']);
});

test('another value is offered, which the key allows', () => {
  const of = (/** @type {string} */ key, /** @type {string} */ value, max = Infinity) => worthy(key, /** @type {any} */ ({ [key]: { value, max } }), ['0', '7', '9']);
  for (const [key, value, other] of [['g', '1.5', '4.5'], ['g', '0', '2'], ['steps', '50', '10'], ['steps', '4', '40'], ['eta', '0', '1'], ['eta', '0.3', '0'], ['s', '7', '8'], ['c', '7', '9'], ['c', '9', '0']]) {
    assert.equal(of(key, value), other, `${key}=${value}`);
  }
  assert.equal(of('g', '50', 100), '100');
  assert.deepEqual(Object.keys(knobs).filter(hasMenu), ['k', 'c', 'm', 'weights', 'fork']);
  assert.equal(worthy('weights', {}, ['int8']), 'int8');
});

test('a side is called by its value, with the knob where that says more', () => {
  const names = [['g', '1.4'], ['steps', '4'], ['k', 'ddpm'], ['c', 'none'], ['m', 'x'], ['weights', 'int8'], ['weights', '…']];
  const model = /** @type {any} */ ({ samplers: [{ name: 'ddpm', title: 'DDPM' }] });
  const said = names.map(([key, value]) => textOf(nameOf(key, value, model, (name) => `model ${name}`)));
  assert.deepEqual(said, ['Guidance 1.4', '4 steps', 'DDPM', 'Class None', 'model x', '8-bit weights', 'Weights as stored']);
});

test('one step is one', () => {
  assert.deepEqual([stepsIn(1), stepsIn('1'), stepsIn(12)].map(([key]) => key), ['compare.step', 'compare.step', 'compare.steps']);
});
