import assert from 'node:assert/strict';
import { test } from 'node:test';
import { short } from './short.js';

test('a number has three digits, and a power of ten where it is small or large', () => {
  for (const [value, written] of /** @type {[number, string][]} */ ([
    [0, '0'], [0.5, '0.5'], [0.70942, '0.709'], [-12.345, '−12.3'], [0.001, '0.001'], [12345.6, '12,300'],
    [0.000414, '4.14 × 10⁻⁴'], [-0.00002, '−2 × 10⁻⁵'], [2.5e12, '2.5 × 10¹²'], [123456, '1.23 × 10⁵'],
    [Infinity, '∞'], [-Infinity, '−∞'], [NaN, '–'],
  ])) assert.equal(short(value), written);
});
