import assert from 'node:assert/strict';
import { test } from 'node:test';
import { branch, branchOf, depthOf, isOf, lastOf, most, parentOf, read, tree, unforked, write } from './branches.js';

test('a branch leaves another where that has no later fork', () => {
  assert.equal(branch('', 12, 'c:8'), '12,c:8');
  assert.equal(branch('12,c:8', 30, 'g:3'), '12,c:8~30,g:3');
  assert.equal(branch('12,c:8~30,g:3', 20, 'fresh:5'), '12,c:8~20,fresh:5');
  assert.equal(branch('12,c:8~30,g:3', 12, 'c:9'), '12,c:9');
  assert.equal(branch('12,c:8', 5, 'c:9'), '5,c:9');
});

test('a branch has a parent, a depth and a last fork', () => {
  assert.deepEqual(['', '12,c:8', '12,c:8~30,g:3'].map(parentOf), ['', '', '12,c:8']);
  assert.deepEqual(['', '12,c:8', '12,c:8~30,g:3'].map(depthOf), [0, 1, 2]);
  assert.deepEqual(lastOf('12,c:8~30,g:3,k:ddpm'), { step: 30, changes: [['g', '3'], ['k', 'ddpm']] });
  assert.deepEqual(lastOf('4,c:a:b'), { step: 4, changes: [['c', 'a:b']] });
  assert.ok(isOf('12,c:8~30,g:3', '12,c:8') && isOf('12,c:8', '') && isOf('12,c:8', '12,c:8'));
  assert.ok(!isOf('12,c:80', '12,c:8') && !isOf('', '12,c:8'));
});

test('a tree lists every branch after the one that it comes from, earlier steps first', () => {
  assert.deepEqual(tree(['20,g:3', '12,c:8~30,g:5', '12,c:9', '12,c:8~15,c:1']), ['', '12,c:8', '12,c:8~15,c:1', '12,c:8~30,g:5', '12,c:9', '20,g:3']);
  assert.deepEqual(tree([]), ['']);
});

test('an address has the ends of a tree and gives back all of it', () => {
  const all = ['', '12,c:8', '12,c:8~15,c:1', '12,c:8~30,g:5', '12,c:9', '20,g:3'];
  const text = write(all);
  assert.equal(text, '12,c:8~15,c:1~~12,c:8~30,g:5~~12,c:9~~20,g:3');
  assert.deepEqual(tree(read(text) ?? []), all);
  assert.deepEqual(read(''), []);
  assert.equal(write(['']), '');
  assert.equal(read(new Array(most + 1).fill('1,c:2').join('~~')), undefined);
});

test('a recipe is a branch of the recipe without it', () => {
  const recipe = 'm=digits&c=7&steps=20&fork=12,c:8~15,g:3&by=5f633d37.3&h=61b62d6aa5f149ab';
  assert.equal(unforked(recipe), 'm=digits&c=7&steps=20');
  assert.equal(branchOf(recipe), '12,c:8~15,g:3');
  assert.equal(branchOf('m=digits&fork=12%2Cc%3A8'), '12,c:8');
  assert.equal(branchOf('m=digits'), '');
});
