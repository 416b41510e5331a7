import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learn, text } from '../text/i18n.js';
import { en, zh } from '../text/note.js';
import { en as fields, zh as fieldsZh } from '../text/why.js';
import { noted, word } from './note.js';

learn(en, zh);

const line = { text: 'in English', id: 'state', values: { name: 'ema', names: 'ema, model' }, file: 'a.pt' };

test('a line is said in the words of the page, with the file that it is about', () => {
  assert.equal(noted(line), 'a.pt: Of the state dictionaries ema, model, ema is taken.');
  assert.equal(noted({ ...line, file: '' }), 'Of the state dictionaries ema, model, ema is taken.');
  assert.equal(noted({ ...line, id: 'unheard' }), 'a.pt: in English');
  assert.equal(noted({ ...line, id: 'toString', file: '' }), 'in English');
  assert.equal(noted('of an older page'), 'of an older page');
});

test('values have words where there are some', () => {
  const note = { ...line, file: '', id: 'openai', values: { prediction: 'epsilon', schedule: 'linear', n: 1000 } };
  assert.match(noted(note), /^The network predicts the noise \(epsilon\), on the linear schedule of 1,000 timesteps\./);
  assert.equal(noted({ ...note, id: 'kind.family', values: { family: 'dit' } }), text('own.family.dit'));
  assert.equal(noted({ ...note, id: 'family', values: { family: 'unheard' } }), 'The network is of the family unheard.');
  assert.equal(word('predicts', 'flow'), 'the velocity (flow)');
});

test('fields are called as they are in the panel', () => {
  for (const [notes, words] of [[en, fields], [zh, fieldsZh]]) {
    const labels = Object.entries(words).filter(([key]) => /^own\.set\.[a-z-]+$/.test(key)).map(([, label]) => label);
    for (const [key, sentence] of Object.entries(notes)) {
      for (const [, name] of sentence.matchAll(/“([^”]+)”/g)) {
        if (!['no class', '无类别'].includes(name)) assert.ok(labels.includes(name), `${key}: there is no field “${name}”`);
      }
    }
  }
});

test('a Chinese phrase begins with a Chinese character, as it stands behind one', () => {
  const phrases = Object.entries(zh).filter(([key]) => key.startsWith('own.note.what.'));
  assert.ok(phrases.length > 0);
  for (const [key, phrase] of phrases) assert.match(phrase, /^\p{Script=Han}.*[^。]$/u, key);
});

test('Chinese notes are Chinese', () => {
  for (const [key, sentence] of Object.entries(zh)) {
    if (!['own.note.kind.family', 'own.note.of'].includes(key)) assert.match(sentence, /\p{Script=Han}/u, key);
  }
});
