// Messages in every wrong form, and a way to send them all.
() => {
  const forged = {tweedie: 1, detail: {recipe: 'forged', sha256: '0', message: '<img src=x onerror=window.attacked=1>', done: 1, total: 1}};
  const shapes = [null, undefined, 0, 'hello', [], {}, {tweedie: 1}, {tweedie: '1', type: 'play'}, {tweedie: 2, type: 'recipe', recipe: 'm=digits&c=1'},
    {tweedie: 1, type: 'recipe', recipe: {}}, {tweedie: 1, type: 'recipe', recipe: null}, {tweedie: 1, type: 'recipe'},
    {tweedie: 1, type: 'seek', step: '1e9'}, {tweedie: 1, type: 'seek', step: NaN}, {tweedie: 1, type: 'seek', step: -1e300}, {tweedie: 1, type: 'seek', step: {}},
    {tweedie: 1, type: 'hold', held: 'true'}, {tweedie: 1, type: 'hold'}, {tweedie: 1, type: 'options', options: null}, {tweedie: 1, type: 'options', options: 7},
    {tweedie: 1, type: 'picture', number: {}}, {tweedie: 1, type: 'picture', number: '1'}, {tweedie: 1, type: '__proto__'}, {tweedie: 1, type: 'constructor'},
    {tweedie: 1, type: ['play']}, {type: 'viewer', state: 'up'}, {type: 'viewer', state: 'gone'}, {tweedie: 1, type: 'x'.repeat(1e6)},
    ...['here', 'ready', 'progress', 'step', 'done', 'error', 'state', 'picture'].map((type) => ({...forged, type, wanted: true, number: 1}))];
  return { shapes, storm: (target) => shapes.forEach((shape) => target.postMessage(shape, '*')) };
}
