// Every language has every sentence, the documents say the English ones, and
// the scripts hold none.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { en as builder, zh as builderZh } from './builder.js';
import { en as embed, zh as embedZh } from './embed.js';
import first from './en.js';
import { en as help, zh as helpZh } from './help.js';
import { en as opened, zh as openedZh } from './opened.js';
import { en as note, zh as noteZh } from './note.js';
import { en as late, zh as lateZh } from './own.js';
import { en as refused, zh as refusedZh } from './refused.js';
import { en as save, zh as saveZh } from './save.js';
import { en as why, zh as whyZh } from './why.js';
import firstZh from './zh.js';
import { controlled } from '../page/controls.js';
import { groups } from '../page/options.js';

const en = { ...first, ...late, ...opened, ...help, ...why, ...note, ...refused, ...embed, ...builder, ...save };
const zh = { ...firstZh, ...lateZh, ...openedZh, ...helpZh, ...whyZh, ...noteZh, ...refusedZh, ...embedZh, ...builderZh, ...saveZh };

/** @param {string} name below the repository */
const source = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

/** The page's own scripts by their path in web. */
const scripts = new Map(
  readdirSync(new URL('..', import.meta.url), { recursive: true })
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => name.endsWith('.js') && !/^dist\/|node_modules\/|testdata\/|\.test\.js$/.test(name))
    .map((name) => [name, source(`web/${name}`)]),
);

/** The keys of a recipe. @returns {{key: string, group: string, choices?: string[]}[]} */
function everyKey() {
  return JSON.parse(source('web/page/testdata/keys.json')); // made by go generate ./sampler/recipe
}

/** The keys that stand among the options, which the page labels. */
function optional() {
  return everyKey().filter(({ key, group }) => groups.has(group) && !controlled.has(key));
}

/** The reasons that the worker gives in a field of its messages. @param {string} field */
function reasonsOf(field) {
  const [, reasons = ''] = new RegExp(`^  ${field}: (.*);$`, 'm').exec(source('web/engine/messages.d.ts')) ?? [];
  return Array.from(reasons.matchAll(/'(\w+)'/g), ([, reason]) => reason);
}

/** The sentences that the documents and the scripts name. */
function used() {
  /** @type {Set<string>} */
  const keys = new Set();
  for (const document of ['index.html', 'web/player.html', 'web/embed-builder.html']) {
    for (const [, whole, attribute] of source(document).matchAll(/data-i18n="([\w.]+)"|[\w-]+=([a-z]+\.[\w.]+)/g)) keys.add(whole ?? attribute);
  }
  const groups = [...new Set(Object.keys(en).map((key) => key.split('.')[0]))].join('|');
  const form = new RegExp(`'((?:${groups})\\.[\\w.]+)'`, 'g');
  for (const [name, text] of scripts) {
    if (name.startsWith('text/') && name !== 'text/i18n.js') continue;
    for (const [, key] of text.matchAll(form)) if (!/\.(html|json|bin)$/.test(key)) keys.add(key);
  }
  for (const key of optional()) {
    keys.add(`options.${key.key}`).add(`options.${key.key}.hint`);
    if (`options.${key.key}.term` in en) keys.add(`options.${key.key}.term`);
    for (const choice of key.choices ?? []) if (`options.${key.key}.${choice}` in en) keys.add(`options.${key.key}.${choice}`);
  }
  for (const reason of reasonsOf('reason\\?')) {
    keys.add(`refused.${reason}`);
    for (const closer of ['none', ...everyKey().map(({ key }) => key)]) if (`refused.${reason}.${closer}` in en) keys.add(`refused.${reason}.${closer}`);
  }
  for (const reason of reasonsOf('idle')) {
    keys.add(`idle.${reason}`);
    for (const { key } of everyKey()) if (`idle.${reason}.${key}` in en) keys.add(`idle.${reason}.${key}`);
  }
  for (const model of readdirSync(new URL('../../weights/thumbnails', import.meta.url))) keys.add(`models.of.${model.replace('.png', '')}`);
  // A test of wasm/converter holds these to the reasons and options of Go.
  for (const key of Object.keys({ ...why, ...note })) keys.add(key);
  return keys;
}

test('every language has every sentence, with the same numbers and symbols in it', () => {
  assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort());
  const held = (/** @type {string} */ sentence) => [...new Set(sentence.match(/\{\w+\}/g) ?? [])].sort();
  for (const [key, sentence] of Object.entries(en)) {
    assert.deepEqual(held(/** @type {Record<string, string>} */ (zh)[key]), held(sentence), key);
  }
});

test('every sentence is used, and every one that is used exists', () => {
  const keys = used();
  assert.deepEqual(Object.keys(en).filter((key) => !keys.has(key)), [], 'not used');
  assert.deepEqual([...keys].filter((key) => !(key in en)), [], 'missing');
});

test('documents say in English what the scripts will', () => {
  const spoken = (/** @type {string} */ key) => en[/** @type {keyof en} */ (key)]?.replace(/\{\w+\}/g, '{}');
  for (const document of ['index.html', 'web/player.html', 'web/embed-builder.html']) {
    const html = source(document);
    const texts = [...html.matchAll(/<(\w+)[^>]* data-i18n="([\w.]+)"[^>]*>(.*?)<\/\1>/gs)];
    assert.equal(texts.length, html.split(' data-i18n="').length - 1, `${document} has elements that are not read`);
    for (const [, , key, inner] of texts) {
      const said = inner.replace(/<math>.*?<\/math>/gs, '{}').replace(/\s+/g, ' ').trim();
      if (said || document === 'index.html') assert.equal(said, spoken(key), `${document}: ${key}`);
    }
    const tags = [...html.matchAll(/<[^>]* data-i18n-attr="([^"]+)"[^>]*>/g)];
    assert.equal(tags.length, html.split(' data-i18n-attr="').length - 1, `${document} has attributes that are not read`);
    for (const [tag, pairs] of tags) {
      for (const [name, key] of pairs.split(' ').map((pair) => pair.split('='))) {
        assert.equal(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1], spoken(key), `${document}: ${key}`);
      }
    }
  }
});

test('no sentence is written in a script', () => {
  assert.ok(scripts.size > 50, `${scripts.size} scripts`);
  const comment = /\/\*[^]*?\*\/|^\s*\/\/.*$|\s\/\/\s.*$/gm;
  const other = /^'use strict';|new \w*Error\(.*\)|\bclassName = .*/gm; // for developers and style sheets
  const literal = /'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g;
  const sentence = /^[A-Z]?[a-z]+(?: [a-z]+)+[.:]?$|[a-z]\. [A-Z]/;
  const found = [];
  for (const [name, text] of scripts) {
    // The first two speak for Go programs, the third is one file, in which its few words are in every language.
    if (['engine/worker.js', 'own/worker.js', 'embed.js'].includes(name) || /^(bench|text)\//.test(name)) continue;
    for (const [, quoted, template] of text.replace(comment, '').replace(other, '').matchAll(literal)) {
      if (sentence.test(quoted ?? template)) found.push(`${name}: ${quoted ?? template}`);
    }
  }
  assert.deepEqual(found, []);
});
