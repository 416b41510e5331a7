import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bare, beside, classOf, given, isRecorded, modelOf, namesOf, ofPage, opening, read, results, wanted } from './fragment.js';

/** What go generate ./sampler/recipe has written. @param {string} name */
const fromGo = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

test('the keys that are known here are the recipe’s own, and what stands beside is none of them', () => {
  /** @type {{key: string, group: string}[]} */
  const keys = fromGo('../page/testdata/keys.json');
  assert.deepEqual(keys.filter(({ group }) => group === 'result').map(({ key }) => key), results);
  assert.ok(given.every((name) => keys.some(({ key, group }) => key === name && group === 'given')));
  assert.ok(keys.some(({ key }) => key === 'm'));
  assert.deepEqual(beside.filter((name) => keys.some(({ key }) => key === name)), []);
});

test('models and pictures are read as the sampler reads them', () => {
  /** @type {{text: string, m: string, image: string, mask: string}[]} */
  const recipes = fromGo('testdata/recipes.json');
  assert.ok(recipes.length > 10);
  for (const { text, m, image, mask } of recipes) {
    assert.equal(modelOf(text), m, text);
    assert.deepEqual(namesOf(text), [image, mask].filter((name) => name !== ''), text);
  }
});

test('a recipe names its model, or means the standard one', () => {
  assert.equal(modelOf('#m=tiles&c=all'), 'tiles');
  assert.equal(modelOf('c=7'), 'digits');
  assert.equal(modelOf(''), 'digits');
  assert.equal(modelOf('m=digits-small'), 'digits-small');
});

test('a page of another model means that one', () => {
  assert.equal(ofPage('#c=7'), 'c=7');
  Object.assign(globalThis, { document: { documentElement: { dataset: { model: 'birds' } } } });
  try {
    assert.equal(modelOf(''), 'birds');
    assert.equal(modelOf('c=7'), 'birds');
    assert.equal(modelOf('m=digits'), 'digits');
    assert.equal(ofPage(''), 'm=birds');
    assert.equal(ofPage('#c=7&s=2'), 'm=birds&c=7&s=2');
    assert.equal(ofPage('#m=digits&c=7'), 'm=digits&c=7');
  } finally {
    Reflect.deleteProperty(globalThis, 'document');
  }
});

test('a page may open with what no recipe without a model means', () => {
  assert.equal(opening(), 'm=digits');
  Object.assign(globalThis, { document: { documentElement: { dataset: { opening: 'm=faces&c=all' } } } });
  try {
    assert.equal(opening(), 'm=faces&c=all');
    assert.equal(modelOf('c=7'), 'digits');
    for (const text of ['#m=faces&c=all', 'm=faces&c=all&by=5630e90f.1&h=c6166a06cdfacbc3']) assert.ok(isRecorded(text), text);
    for (const text of ['', '#m=faces', '#m=digits']) assert.ok(!isRecorded(text), text);
    assert.equal(classOf(opening()), 'all');
    assert.equal(classOf('m=faces&c=hat'), 'hat');
    assert.equal(classOf('c=7'), undefined, 'the classes of another model are shown');
  } finally {
    Reflect.deleteProperty(globalThis, 'document');
  }
});

test('what others put behind an address is no part of a recipe', () => {
  for (const behind of ['#?secret=AbCdEfGhIj', '?utm_source=a&utm_medium=b', '&utm_campaign=x&fbclid=y', '?ref=feed', '#']) {
    assert.equal(ofPage(`#m=glyphs&w=A%3FB${behind}`), 'm=glyphs&w=A%3FB', behind);
  }
  assert.equal(ofPage('#m=glyphs&w=WHY?'), 'm=glyphs&w=WHY?', 'which is for the sampler to refuse');
});

test('what is no name of a file is left to the sampler, whichever model it has', () => {
  for (const name of ['../secret', '.hidden', '', 'a/b', 'a b', 'https://x.test/', '%2e%2e']) {
    assert.equal(modelOf(`m=${name}`, 'tiles'), 'tiles', name);
    assert.equal(modelOf(`m=${name}`), 'digits', name);
  }
});

test('a recipe is told from what stands beside it', () => {
  assert.deepEqual(read('#m=x&c=7&pixels=a.b&h=1&preview=cd'), { recipe: 'm=x&c=7&h=1', pixels: 'a.b', preview: 'cd' });
  assert.deepEqual(read('model=https://a.test/x.pt?a=1&m=x'), { recipe: 'm=x', model: 'https://a.test/x.pt?a=1' });
  assert.deepEqual(read('#model=https://a.test/x.pt'), { recipe: '', model: 'https://a.test/x.pt' });
  assert.deepEqual(read('preview=&preview=b'), { recipe: '', preview: '' }, 'the first is meant');
  assert.equal(bare('#c=7&model=x.pt&s=3'), 'c=7&s=3');
  assert.equal(bare('c=7&model=x&preview=b', ['preview']), 'c=7&model=x', 'where that is not known, it is refused');
  assert.equal(wanted('#m=x&by=0.1&h=1&preview=b'), 'm=x');
});

test('the recorded run is that of a recipe which only names the model', () => {
  for (const text of ['', '#', '#m=digits', '#m=digits&by=5630e90f.1&h=c6166a06cdfacbc3', 'm=digits&preview=ab']) assert.ok(isRecorded(text), text);
  for (const text of ['#c=7', '#m=tiles', '#m=digits&s=2', '#m=digits&c=none']) assert.ok(!isRecorded(text), text);
});

test('the class of a recipe is known before its model is there, if that is the page’s own', () => {
  for (const [text, want] of [
    ['#c=7&s=3', '7'],
    ['#m=digits&c=all', 'all'],
    ['#s=3', 'none'],
    ['', 'none'],
    ['#c=7&preview=AAAA', '7'],
    ['#m=glyphs&c=Q', undefined],
    ['#m=digits&w=12', undefined],
    ['#model=https://example.org/a&c=7', undefined],
  ]) assert.equal(classOf(/** @type {string} */ (text)), want, text);
});
