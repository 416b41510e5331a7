// A frame of a third origin: it sends them to the host and all its frames, and
// orders besides.
() => {
  for (const order of [{type: 'hello'}, {type: 'recipe', recipe: 'm=digits&c=1'}, {type: 'reset'}, {type: 'hold', held: true}, {type: 'pause'}]) {
    shapes.push({tweedie: 1, ...order});
  }
  storm(parent);
  for (let i = 0; i < parent.frames.length; i++) storm(parent.frames[i]);
  parent.postMessage('evil has spoken', '*');
}
