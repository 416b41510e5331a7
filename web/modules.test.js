// What README.md says of every script: which folders it may import from, and
// that it does nothing before it is asked.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const web = new URL('.', import.meta.url);

/** Scripts of the page by their path in web, without tests. */
const scripts = readdirSync(web, { recursive: true })
  .map((name) => name.split(path.sep).join('/'))
  .filter((name) => name.endsWith('.js') && !/^dist\/|node_modules\/|testdata\/|\.test\.js$/.test(name));

/** @param {string} name */
const source = (name) => readFileSync(new URL(name, web), 'utf8');
/** @param {string} name */
const isEntry = (name) => /^\/\/ Entry of /.test(source(name));

/** Folders of the table, from the top. */
const order = [...source('README.md').matchAll(/^\| `(\w+)\/` \|/gm)].map((match) => match[1]);

test('every script is in a folder of the table, or an entry', () => {
  assert.ok(scripts.length > 50, `${scripts.length} scripts were found`);
  for (const name of scripts) {
    const folder = name.includes('/') ? name.split('/')[0] : '';
    assert.ok(folder ? order.includes(folder) : isEntry(name), `${name} is in no folder of README.md`);
  }
});

test('imports go down the table', () => {
  const form = /^import\s[^;]*?'(\.[^']+)'|^export [^;]* from '(\.[^']+)'|\bimport\('(\.[^']+)'\)\s*[,;.)]/gm;
  let count = 0;
  for (const name of scripts) {
    const plain = source(name).replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
    for (const match of plain.matchAll(form)) {
      const to = path.posix.join(path.posix.dirname(name), match[1] ?? match[2] ?? match[3]);
      if (to === 'wasm_exec.js') continue; // comes with Go
      count++;
      const [from, into] = [name, to].map((each) => order.indexOf(each.split('/')[0]));
      assert.ok(scripts.includes(to), `${name} imports ${to}, which is no script`);
      assert.ok(into >= from, `${name} imports ${to}, which is above it`);
    }
  }
  assert.ok(count > 150, `${count} imports were found`);
});

test('no module acts when it is imported', async () => {
  for (const name of scripts.filter((each) => !isEntry(each))) {
    // There is no document here, nor a window: whatever asks for one throws.
    const module = await import(`./${name}`).catch((error) => assert.fail(`${name}: ${error}`));
    assert.ok(Object.keys(module).length > 0, `${name} exports nothing`);
  }
});

test('an entry is what a document or a worker starts', () => {
  const started = new Set(['embed.js', 'engine/worker.js', 'own/worker.js', 'lab/worker.js', 'bench/worker.js', 'load/reader.js', 'load/service-worker.js']);
  for (const document of ['../index.html', 'player.html', 'embed-builder.html', 'lab.html', 'lab-player.html', 'bench.html', 'viewer/frame.html']) {
    for (const [, src] of source(document).matchAll(/<script [^>]*\bsrc="([^"]+)"/g)) {
      started.add(path.posix.join('web', path.posix.dirname(document), src).replace(/^web\//, ''));
    }
  }
  started.delete('wasm_exec.js');
  const entries = scripts.filter(isEntry);
  assert.deepEqual(entries.sort(), [...started].map((name) => name.replace(/^web\//, '')).sort());
});
