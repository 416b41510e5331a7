import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fallenFile } from './brought.js';
import { paints, tints } from './paints.js';

/** What falls on a page. @param {string[]} types @param {File[]} files @param {boolean} [folder] */
function fallen(types, files, folder = false) {
  const items = files.map(() => ({ kind: 'file', webkitGetAsEntry: () => ({ isDirectory: folder }) }));
  return /** @type {DataTransfer} */ (/** @type {unknown} */ ({ types, files, items }));
}

const file = new File(['x'], 'a.png');

test('one file that falls is taken, and nothing where none fell', () => {
  assert.equal(fallenFile(fallen(['Files'], [file])), file);
  assert.equal(fallenFile(fallen(['Files', 'text/html'], [file])), file);
  assert.equal(fallenFile(fallen(['text/plain'], [])), undefined);
});

test('what is no file, or more than one, is refused', () => {
  for (const [what, key] of /** @type {[DataTransfer, string][]} */ ([
    [fallen(['Files'], [file], true), 'brush.folder'],
    [fallen(['Files'], [file, file]), 'brush.many'],
    [fallen(['Files'], []), 'brush.many'],
    [fallen(['text/uri-list', 'text/html'], []), 'brush.elsewhere'],
  ])) {
    assert.throws(() => fallenFile(what), { key });
  }
});

test('classes of a painting have the colours of its paint', () => {
  const of = (/** @type {Record<string, string>} */ values) => /** @type {any} */ ({ classes: ['orange', 'pink'], fields: Object.entries(values).map(([key, value]) => ({ key, value })) });
  const { orange, pink } = paints;
  assert.deepEqual(tints(of({ d: 'painted', c: 'all' })), { classes: [orange, pink], clouds: [orange, pink] });
  assert.deepEqual(tints(of({ d: 'painted', c: 'pink' })), { classes: [orange, pink], clouds: [pink] });
  for (const values of /** @type {Record<string, string>[]} */ ([{ d: 'painted', c: 'none' }, { d: 'painted' }, { d: 'moons', c: 'all' }])) assert.equal(tints(of(values)), undefined);
  assert.equal(tints(undefined), undefined);
});
