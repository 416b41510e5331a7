import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { bytes, foreign, knows, language, preferred, say, seconds, speak, text } from './i18n.js';

/** A window without anything to translate. @param {{search?: string, kept?: string, languages?: string[]}} of */
function browser({ search = '', kept = '', languages = [] }) {
  Object.assign(globalThis, {
    document: { documentElement: {}, querySelectorAll: () => [] },
    location: { search },
    localStorage: { getItem: () => kept || null, setItem() {} },
  });
  Object.defineProperty(globalThis, 'navigator', { value: { languages }, configurable: true });
}

beforeEach(async () => {
  browser({});
  await speak('en');
});

test('the address decides, then what was chosen, then the browser', () => {
  for (const { of, want } of [
    { of: { search: '?lang=zh', kept: 'en', languages: ['en'] }, want: 'zh-Hans' },
    { of: { search: '?lang=xx', kept: 'zh-Hans', languages: ['en'] }, want: 'zh-Hans' },
    { of: { languages: ['fr', 'zh-TW', 'en'] }, want: 'zh-Hans' },
    { of: { languages: ['fr', 'en-GB', 'zh'] }, want: 'en' },
    { of: { languages: ['zho', 'enm'] }, want: 'en' },
    { of: {}, want: 'en' },
  ]) {
    browser(of);
    assert.equal(preferred(), want);
  }
});

test('without storage the browser decides', async () => {
  browser({ languages: ['zh'] });
  Object.defineProperty(globalThis, 'localStorage', {
    configurable: true,
    get() {
      throw new Error('refused');
    },
  });
  assert.equal(preferred(), 'zh-Hans');
  await speak('zh-Hans', true);
  assert.equal(language(), 'zh-Hans');
  Object.defineProperty(globalThis, 'localStorage', { value: undefined, writable: true, configurable: true });
});

test('a language that there is not is English', async () => {
  await speak('zh-Hans');
  await speak('xx');
  assert.equal(language(), 'en');
});

test('numbers and words stand in sentences, functions are called for each language', async () => {
  const values = { step: 1234, steps: () => language() };
  assert.match(text('readout.step', values), /1,234/);
  assert.match(text('readout.step', values), /\ben\b/);
  await speak('zh-Hans');
  assert.match(text('readout.step', values), /zh-Hans/);
});

test('a name without a value stays, for a symbol', () => {
  assert.match(text('readout.step', { step: 1 }), /\{steps\}/);
});

test('what the worker says is translated where it can be', async () => {
  assert.equal(foreign('no such text'), 'no such text');
  await speak('zh-Hans');
  assert.equal(foreign('no such text'), 'no such text');
  assert.notEqual(foreign('Handwritten digits'), '');
});

test('sizes and times have one place', () => {
  assert.match(bytes(8_249_000), /8\.2/);
  assert.match(seconds(1234), /1\.2/);
});

test('keys are those of sentences, and not of every object', () => {
  assert.equal(knows('status.ready'), true);
  assert.equal(knows('toString'), false);
  assert.equal(knows('constructor'), false);
});

test('of two languages the last is spoken, whichever comes first', async () => {
  const first = speak('zh-Hans');
  await speak('en');
  await first;
  assert.equal(language(), 'en');
});

test('what a document says and a program takes away does not come back with a language', async () => {
  const attributes = new Map([['data-i18n', 'status.loading']]);
  let said = 'Loading';
  const element = /** @type {any} */ ({
    replaceChildren: (/** @type {unknown[]} */ ...parts) => void (said = parts.join('')),
    getAttribute: (/** @type {string} */ name) => attributes.get(name) ?? null,
    removeAttribute: (/** @type {string} */ name) => attributes.delete(name),
  });
  document.querySelectorAll = () => /** @type {any} */ (attributes.has('data-i18n') ? [element] : []);
  say(element, '');
  await speak('zh-Hans');
  assert.equal(said, '');
});

test('what a document alone says in English comes back as it was', async () => {
  Object.assign(globalThis, { HTMLTemplateElement: class {} });
  const formula = {};
  /** @type {Record<string, string>} */
  const attributes = { 'data-i18n': 'lesson.title', 'data-i18n-attr': 'title=lesson.intro', title: 'Its own title' };
  const element = /** @type {any} */ ({
    childNodes: ['Its own words', formula],
    replaceChildren: (/** @type {unknown[]} */ ...parts) => void (element.childNodes = parts),
    getAttribute: (/** @type {string} */ name) => attributes[name] ?? null,
    setAttribute: (/** @type {string} */ name, /** @type {string} */ value) => void (attributes[name] = value),
  });
  document.querySelectorAll = () => /** @type {any} */ ([element]);
  for (const round of [1, 2]) {
    await speak('zh-Hans');
    assert.match(element.childNodes.join(''), /\p{Script=Han}/u, `round ${round}`);
    assert.match(attributes.title, /\p{Script=Han}/u, `round ${round}`);
    await speak('en');
    assert.deepEqual(element.childNodes, ['Its own words', formula], `round ${round}`);
    assert.equal(element.childNodes[1], formula);
    assert.equal(attributes.title, 'Its own title');
  }
});
