import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learn, speak, text } from '../text/i18n.js';
import { en, zh } from '../text/own.js';
import { en as notes, zh as notesZh } from '../text/note.js';
import { en as words, zh as wordsZh } from '../text/why.js';
import { inWords, why } from './why.js';

learn({ ...en, ...notes, ...words }, { ...zh, ...notesZh, ...wordsZh });

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

test('phrases of the converter are phrases of the page', async () => {
  const refused = { id: 'foreign', values: { file: 'x.h5', what: 'what.hdf5' }, message: '' };
  const library = { id: 'library.config', values: { library: 'transformers', what: 'what.class', class: 'BertModel' }, message: '' };
  assert.deepEqual(said('foreign', refused.values), ['x.h5 is an HDF5 file of Keras. Save the weights with PyTorch or as safetensors.', '']);
  assert.deepEqual(said('companion', { kind: 'kind.classifier' }), ['This is a classifier, which guides other networks. It draws nothing by itself.', '']);
  const before = [refused, library].map(why);
  Object.assign(globalThis, { document: { documentElement: {}, querySelectorAll: () => [] } });
  await speak('zh-Hans');
  assert.deepEqual(
    before.map(({ key, values }) => text(key, values)),
    ['x.h5 是由 Keras 保存的 HDF5 文件。请用 PyTorch 或以 safetensors 格式保存权重。', 'config.json 描述的是名为 BertModel 的网络，属于 transformers 库，不是扩散网络。'],
  );
  await speak('en');
});

test('what only a reader of files tells is said in its words', () => {
  assert.deepEqual(said('damaged', { file: 'x.pt', fault: 'want 4 bytes' }, 'x.pt: want 4 bytes'), ['x.pt is damaged or cut off. Download it again.', 'x.pt: want 4 bytes']);
  assert.deepEqual(said('died', { fault: 'out of memory' }), ['The converter stopped because of a fault (out of memory).', '']);
  assert.deepEqual(said('noweights', { folder: '' }), ['There is no file with weights in what you chose. Choose the file with the weights itself.', '']);
  assert.deepEqual(said('empty', { file: 'x.pt' }), ['x.pt is empty. Download it again.', '']);
  assert.deepEqual(said('option.value', { flag: 'size' }), [
    'The field “Side of the pictures” has a value that it cannot have. It takes: pixels from 1 to 1024, or height and width as 32x48.',
    '',
  ]);
  for (const id of ['', 'unheard', 'toString']) assert.deepEqual(said(id, {}), ['The converter cannot use this. It says:', 'in English']);
});

test('flags in the converter’s words get the names of their fields', () => {
  assert.equal(inWords('took 4 heads (-heads-up is another, -dtype too); -heads says 32-heads'), 'took 4 heads (“Heads of attention on the way up” is another, -dtype too); “Heads of attention” says 32-heads');
});
