import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escaped, tag } from './tag.js';

test('an attribute ends where it is meant to', () => {
  assert.equal(escaped('m=x&c="<b>'), 'm=x&amp;c=&quot;&lt;b>');
});

test('a tag has its attributes and its poster', () => {
  const got = tag('https://a.test/web/embed.js', [['recipe', 'm=x&c=7'], ['controls', '']], { picture: 'data:,', alt: 'a "seven"' });
  assert.equal(
    got,
    '<script src="https://a.test/web/embed.js" async></script>\n' +
      '<tweedie-sampler recipe="m=x&amp;c=7" controls><img src="data:," alt="a &quot;seven&quot;" width="256"></tweedie-sampler>',
  );
  assert.match(tag('e.js', [], { picture: '', alt: '' }), /<tweedie-sampler><\/tweedie-sampler>$/);
});
