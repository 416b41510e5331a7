import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escaped, tag } from './tag.js';

test('an attribute ends where it is meant to', () => {
  assert.equal(escaped('m=x&c="<b>'), 'm=x&amp;c=&quot;&lt;b>');
});

const link = { href: 'https://a.test/#m=x&c=7', words: 'Watch <it>' };

test('a tag has its attributes, its poster and a link', () => {
  const got = tag('https://a.test/web/embed.js', [['recipe', 'm=x&c=7'], ['controls', '']], { picture: 'data:,', alt: 'a "seven"' }, link);
  assert.equal(
    got,
    '<script src="https://a.test/web/embed.js" async></script>\n' +
      '<tweedie-sampler recipe="m=x&amp;c=7" controls><img src="data:," alt="a &quot;seven&quot;" width="256">' +
      '<a slot="link" href="https://a.test/#m=x&amp;c=7">Watch &lt;it></a></tweedie-sampler>',
  );
  assert.match(tag('e.js', [], { picture: '', alt: '' }, link), /<tweedie-sampler><a slot="link" [^>]*>Watch &lt;it><\/a><\/tweedie-sampler>$/);
});
