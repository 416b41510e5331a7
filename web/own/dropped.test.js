import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosen, deepest, found, most } from './dropped.js';

/** A file as a browser's entry. @param {string} name @param {boolean} [gone] */
function file(name, gone = false) {
  return /** @type {any} */ ({
    ...{ name, isFile: true, isDirectory: false },
    file: (/** @type {(file: File) => void} */ take, /** @type {(error: Error) => void} */ fail) => (gone ? fail(new Error('NotFoundError')) : take(new File([name], name))),
  });
}

/** A folder whose reader gives two entries at a time. @param {string} name @param {any[]} entries */
function folder(name, entries) {
  return /** @type {any} */ ({
    ...{ name, isFile: false, isDirectory: true },
    createReader() {
      let at = 0;
      return { readEntries: (/** @type {(some: any[]) => void} */ take) => take(entries.slice(at, (at += 2))) };
    },
  });
}

/** @param {Promise<import('./dropped.js').Found[]>} all */
const paths = async (all) => (await all).map(({ path }) => path);

test('folders are walked, hidden files passed over, and paths are in order', async () => {
  const model = folder('model', [folder('unet', [file('w.bin'), file('config.json'), file('a'), file('.DS_Store')]), folder('.git', [file('x')]), file('z.json')]);
  assert.deepEqual(await paths(found([model, file('b.txt')])), ['b.txt', 'model/unet/a', 'model/unet/config.json', 'model/unet/w.bin', 'model/z.json']);
  assert.deepEqual(await paths(found([new File(['1'], 'plain.bin')])), ['plain.bin']);
});

test('what is too much, too deep, empty or gone has its sentence', async () => {
  const wide = folder('wide', Array.from({ length: most + 1 }, (_, i) => file(String(i))));
  let deep = folder('last', [file('x')]);
  for (let i = 0; i < deepest; i++) deep = folder(`f${i}`, [deep]);
  for (const [fallen, key] of [[wide, 'own.many'], [deep, 'own.deep'], [folder('none', [file('.x')]), 'own.empty'], [file('gone', true), 'own.lost']]) {
    await assert.rejects(found([fallen]), { key });
  }
  const unreadable = Object.assign(new File(['x'], 'moved.bin'), { slice: () => ({ arrayBuffer: () => Promise.reject(new Error()) }) });
  await assert.rejects(found([unreadable]), { key: 'own.lost', values: { file: 'moved.bin' } });
});

test('a chosen folder has its paths from the browser', async () => {
  const at = (/** @type {string} */ path) => Object.assign(new File(['x'], path.split('/').pop() ?? ''), { webkitRelativePath: path });
  assert.deepEqual(await paths(chosen([at('m/b'), at('m/.git/config'), at('m/a')])), ['m/a', 'm/b']);
  assert.deepEqual(await paths(chosen([new File(['x'], 'one.pt')])), ['one.pt']);
  await assert.rejects(chosen([at(`${'f/'.repeat(deepest + 1)}x`)]), { key: 'own.deep' });
});
