import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whole } from '../stage/camera.js';
import { addressed } from '../testdata/address.js';
import { askedCamera, noteCamera, noteRecipe } from './viewstate.js';

test('a camera is asked for, as far as it can be one', () => {
  for (const { query, want } of [
    { query: '', want: whole },
    { query: '?zoom=2.5&at=0.3,0.7', want: { scale: 2.5, x: 0.3, y: 0.7 } },
    { query: '?zoom=4', want: { scale: 4, x: 0.5, y: 0.5 } },
    { query: '?zoom=4&at=,0.2', want: { scale: 4, x: 0.5, y: 0.2 } },
    { query: '?zoom=4&at=much', want: { scale: 4, x: 0.5, y: 0.5 } },
    { query: '?zoom=banana', want: whole },
    { query: '?zoom=Infinity', want: whole },
    { query: '?zoom=-3&at=0.1,0.1', want: whole },
  ]) {
    addressed(`https://a.test/${query}`);
    assert.deepEqual(askedCamera(), want, query);
  }
});

test('a camera is written as it is read', () => {
  const entries = addressed('https://a.test/?fade#m=x');
  const camera = { scale: 2.6182, x: 0.41239, y: 0.5 };
  noteCamera(camera);
  assert.equal(entries[0].search, '?fade&zoom=2.618&at=0.412,0.5');
  const { scale, x, y } = askedCamera();
  assert.ok(Math.abs(scale - camera.scale) < 1e-3 && Math.abs(x - camera.x) < 1e-3 && y === 0.5);
  noteCamera(whole);
  assert.equal(entries[0].search, '?fade');
});

test('another recipe that a person asked for is another entry; its end is not', () => {
  const entries = addressed('https://a.test/?fade#m=x&c=1');
  noteRecipe('m=x&c=1', true);
  noteRecipe('m=x&c=1&by=01234567.1&h=0123456789abcdef');
  assert.equal(entries.length, 1);
  noteRecipe('m=x&c=2', true);
  assert.equal(entries.length, 2);
  noteRecipe('m=x&c=2&by=01234567.1&h=0123456789abcdef', true);
  noteRecipe('m=x&c=3');
  assert.deepEqual(entries.map(({ hash }) => hash), ['#m=x&c=1&by=01234567.1&h=0123456789abcdef', '#m=x&c=3']);
  assert.equal(entries[1].search, '?fade');
});

test('the pixels beside a recipe make it no other', () => {
  const entries = addressed('https://a.test/#m=x&image=ab&h=0123456789abcdef&pixels=AAAA');
  noteRecipe('m=x&image=ab', true);
  assert.equal(entries.length, 1);
});
