import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learn, text } from '../text/i18n.js';
import { en, zh } from '../text/own.js';
import { en as words, zh as wordsZh } from '../text/why.js';
import { inWords, why } from './why.js';

learn({ ...en, ...words }, { ...zh, ...wordsZh });

/** @param {string} id @param {Record<string, string | number>} values */
function said(id, values, message = 'in English') {
  const { key, values: named, detail } = why({ id, values, message });
  return [text(key, named), detail];
}

test('a reason becomes a sentence of the page, without flags', () => {
  assert.deepEqual(said('size.multiple', { size: '15×15', step: 8 }), ['The network cannot draw pictures of 15×15: their height and width must be multiples of 8.', '']);
  assert.deepEqual(said('value', { flag: 'qkv', given: '"vkq"', known: 'heads, qkv' }), [
    'The field “Order of queries, keys and values” cannot be "vkq". It takes one of: heads, qkv.',
    '',
  ]);
});

test('what the sentence leaves out is said in the words of the converter', () => {
  assert.deepEqual(said('foreign', { file: 'x.h5', what: 'an HDF5 file' }, 'x.h5 is an HDF5 file'), [
    'The weights in x.h5 are of another program. Save them with PyTorch or as safetensors.',
    'x.h5 is an HDF5 file',
  ]);
  assert.deepEqual(said('noweights', { folder: '' }), ['There is no file with weights in what you chose. Choose the file with the weights itself.', '']);
  assert.deepEqual(said('empty', { file: 'x.pt' }), ['x.pt is empty. Download it again.', '']);
  assert.deepEqual(said('option.value', { flag: 'size', fault: 'want a side' }), [
    'The field “Side of the pictures” has a value that it cannot have. It takes: pixels from 1 to 1024, or height and width as 32x48.',
    'in English',
  ]);
  for (const id of ['', 'unheard', 'toString']) assert.deepEqual(said(id, {}), ['The converter cannot use this. It says:', 'in English']);
});

test('flags in the converter’s words get the names of their fields', () => {
  assert.equal(inWords('took 4 heads (-heads-up is another, -dtype too); -heads says 32-heads'), 'took 4 heads (“Heads of attention on the way up” is another, -dtype too); “Heads of attention” says 32-heads');
});
