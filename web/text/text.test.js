// Every language has every sentence, the documents say the English ones, and
// the scripts hold none.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { en as brush, zh as brushZh } from './brush.js';
import { en as builder, zh as builderZh } from './builder.js';
import { en as edit, zh as editZh } from './edit.js';
import { en as embed, zh as embedZh } from './embed.js';
import first from './en.js';
import { en as help, zh as helpZh } from './help.js';
import { en as ladder, zh as ladderZh } from './ladder.js';
import { en as learn, zh as learnZh } from './learn.js';
import { en as lessons, zh as lessonsZh } from './lessons.js';
import { en as opened, zh as openedZh } from './opened.js';
import { en as lab, zh as labZh } from './lab.js';
import { en as labEmbed, zh as labEmbedZh } from './lab-embed.js';
import { en as labHelp, zh as labHelpZh } from './lab-help.js';
import { en as labLessons, zh as labLessonsZh } from './lab-lessons.js';
import { en as labRefused, zh as labRefusedZh } from './lab-refused.js';
import { en as plots, zh as plotsZh } from './plots.js';
import { en as note, zh as noteZh } from './note.js';
import { en as late, zh as lateZh } from './own.js';
import { en as plane, zh as planeZh } from './plane.js';
import { en as refused, zh as refusedZh } from './refused.js';
import { en as save, zh as saveZh } from './save.js';
import { en as tree, zh as treeZh } from './tree.js';
import { en as why, zh as whyZh } from './why.js';
import firstZh from './zh.js';
import { controlled } from '../page/controls.js';
import { groups } from '../page/options.js';

/** What scripts say. @type {Record<string, string>} */
const spoken = { ...first, ...late, ...opened, ...help, ...why, ...note, ...refused, ...embed, ...builder, ...save, ...edit, ...ladder, ...learn, ...lessons, ...plots, ...lab, ...labEmbed, ...plane, ...labHelp, ...labLessons, ...labRefused, ...brush, ...tree };
const zh = { ...firstZh, ...lateZh, ...openedZh, ...helpZh, ...whyZh, ...noteZh, ...refusedZh, ...embedZh, ...builderZh, ...saveZh, ...editZh, ...ladderZh, ...learnZh, ...lessonsZh, ...plotsZh, ...labZh, ...labEmbedZh, ...planeZh, ...labHelpZh, ...labLessonsZh, ...labRefusedZh, ...brushZh, ...treeZh };

/** @param {string} name below the repository */
const source = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

const documents = ['index.html', 'web/player.html', 'web/embed-builder.html', 'web/lab.html', 'web/lab-player.html'];
/** What documents say in English, by key: each way of saying it. @type {Map<string, Set<string>>} */
const said = new Map();
/** Keys of elements that stay empty until a script speaks. @type {Set<string>} */
const silent = new Set();
for (const name of documents) readDocument(name);
const en = { ...Object.fromEntries(Array.from(said, ([key, [sentence]]) => [key, sentence])), ...spoken };

/** @param {string} name */
function readDocument(name) {
  const html = source(name);
  const symbols = new Map(Array.from(source('index.html').matchAll(/<template id="sym-(\w+)">(.*?)<\/template>/g), ([, symbol, math]) => [math, `{${symbol}}`]));
  const heard = (/** @type {string} */ key, /** @type {string} */ sentence) => {
    if (!sentence) silent.add(key);
    else said.set(key, (said.get(key) ?? new Set()).add(sentence));
  };
  const texts = [...html.matchAll(/<(\w+)[^>]* data-i18n="([\w.]+)"[^>]*>(.*?)<\/\1>/gs)];
  assert.equal(texts.length, html.split(' data-i18n="').length - 1, `${name} has elements that are not read`);
  for (const [, , key, inner] of texts) {
    const sentence = inner.replace(/<math>.*?<\/math>/gs, (math) => symbols.get(math) ?? assert.fail(`${name}: ${key} has a formula that no template has`));
    heard(key, sentence.replace(/\s+/g, ' ').trim());
  }
  const tags = [...html.matchAll(/<[^>]* data-i18n-attr="([^"]+)"[^>]*>/g)];
  assert.equal(tags.length, html.split(' data-i18n-attr="').length - 1, `${name} has attributes that are not read`);
  for (const [tag, pairs] of tags) {
    for (const [attribute, key] of pairs.split(' ').map((pair) => pair.split('='))) heard(key, new RegExp(` ${attribute}="([^"]*)"`).exec(tag)?.[1] ?? '');
  }
}

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

/** What the lines of a working may compute, as sampler/working names it. */
function quantities() {
  const [, names = ''] = /var names = \[\.\.\.\]string\{([^}]*)\}/.exec(source('sampler/working/working.go')) ?? [];
  return Array.from(names.matchAll(/"(\w+)"/g), ([, name]) => name);
}

/** The sentences that the scripts name, and what documents leave to them. */
function used() {
  const keys = new Set(silent);
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
    // The last two are what a fork changes beside keys.
    for (const closer of ['none', ...everyKey().map(({ key }) => key), 'fresh', 'paint']) if (`refused.${reason}.${closer}` in en) keys.add(`refused.${reason}.${closer}`);
  }
  keys.add('refused.after'); // which text/refusal.js puts before another
  for (const reason of reasonsOf('idle')) {
    keys.add(`idle.${reason}`);
    for (const { key } of everyKey()) if (`idle.${reason}.${key}` in en) keys.add(`idle.${reason}.${key}`);
  }
  for (const model of readdirSync(new URL('../../weights/thumbnails', import.meta.url))) keys.add(`models.of.${model.replace('.png', '')}`);
  for (const quantity of quantities()) keys.add(`work.${quantity}`);
  // A test of web/learn holds these to what lines do.
  for (const key of Object.keys(learn)) if (key.startsWith('work.do.')) keys.add(key);
  // A test of wasm/converter holds these to the reasons and options of Go.
  for (const key of Object.keys({ ...why, ...note })) keys.add(key);
  // A test of wasm/lab holds these to what the lab's program describes.
  for (const key of Object.keys({ ...lab, ...plane })) if (/^lab\.(?:key|choice|preset|group|measure|judges|class|topic|try|layer|about|hint)\./.test(key)) keys.add(key);
  for (const key of Object.keys(labRefused)) keys.add(key);
  return keys;
}

test('every language has every sentence, with the same numbers and symbols in it', () => {
  assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort());
  const held = (/** @type {string} */ sentence) => [...new Set(sentence.match(/\{\w+\}/g) ?? [])].sort();
  for (const [key, sentence] of Object.entries(en)) {
    assert.deepEqual(held(/** @type {Record<string, string>} */ (zh)[key]), held(sentence), key);
  }
});

test('every sentence of the scripts is used, and every one that is used exists', () => {
  const keys = used();
  assert.deepEqual(Object.keys(spoken).filter((key) => !keys.has(key)), [], 'not used, or in a document alone, which holds it in English');
  assert.deepEqual([...keys].filter((key) => !(key in spoken)), [], 'missing');
});

test('documents say one thing in English, and the scripts the same', () => {
  assert.ok(said.size > 150, `${said.size} sentences were read`);
  for (const [key, sentences] of said) assert.deepEqual([...sentences], [en[key]], key);
});

test('no sentence is written in a script', () => {
  assert.ok(scripts.size > 50, `${scripts.size} scripts`);
  const comment = /\/\*[^]*?\*\/|^\s*\/\/.*$|\s\/\/\s.*$/gm;
  const other = /^'use strict';|new \w*Error\(.*\)|\bclassName = .*/gm; // for developers and style sheets
  const literal = /'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g;
  const sentence = /^[A-Z]?[a-z]+(?: [a-z]+)+[.:]?$|[a-z]\. [A-Z]/;
  const found = [];
  for (const [name, text] of scripts) {
    // The first three speak for Go programs, the fourth is one file, in which its few words are in every language.
    if (['engine/worker.js', 'own/worker.js', 'lab/worker.js', 'embed.js'].includes(name) || /^(bench|text)\//.test(name)) continue;
    for (const [, quoted, template] of text.replace(comment, '').replace(other, '').matchAll(literal)) {
      if (sentence.test(quoted ?? template)) found.push(`${name}: ${quoted ?? template}`);
    }
  }
  assert.deepEqual(found, []);
});
