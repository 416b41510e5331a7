// A worker that behaves for two steps, hangs then if it is to, and dies of being
// paused.
(hangs) => {
  const send = (m) => postMessage(m);
  onmessage = ({data}) => {
    const {type, id} = data;
    if (type === 'sampler') send({type: 'ready', simd: false});
    if (type === 'load') send({type: 'model', model: 'digits', title: 'Fake', classes: ['0'], channels: 1, height: 2, width: 2,
      timesteps: 10, parameters: 1, hash: '0', samplers: [{name: 'ddim', title: 'DDIM', description: 'None.'}], defaults: 'm=digits'});
    if (type === 'describe') send({type: 'described', id, recipe: 'm=digits', taken: 9, fields: Object.fromEntries(Object.entries({m: 'digits', c: 'none', s: '1', n: '1', k: 'ddim', steps: '9', g: '1'})
      .map(([key, value]) => [key, {key, value, standard: value, kind: 'text', group: 'picture', min: 0, max: 99, open: false, choices: []}]))});
    if (type === 'pause') throw new Error('gone');
    if (type !== 'run') return;
    send({type: 'started', id, recipe: 'm=digits', steps: 9, images: 1, channels: 1, height: 2, width: 2, columns: 0});
    for (const step of [1, 2]) send({type: 'step', id, step, steps: 9, image: 0, images: 1, t: 5, ms: 1, xt: new Uint8Array(4), x0: new Uint8Array(4),
      epsilon: new Uint8Array(4), change: new Uint8Array(4), largest: 1, alphaBar: 0.5});
    if (hangs) for (;;);
  };
}
