// The sentences of the ladder of steps, which come with it.

export const en = {
  'ladder.about': 'The same noise, with few steps and with many.',
  'ladder.done': 'The same noise, with few steps and with many. Press one to make it the recipe.',
  'ladder.draw': 'Draw them · {time}',
  'ladder.rest': 'Draw the rest',
  'ladder.waits': 'waiting',
  'ladder.ms': '{ms} ms',
};

/** @type {typeof en} */
export const zh = {
  'ladder.about': '同一份噪声，步数由少到多。',
  'ladder.done': '同一份噪声，步数由少到多。点按其中一幅，即以它为配方。',
  'ladder.draw': '绘制 · {time}',
  'ladder.rest': '绘制其余',
  'ladder.waits': '等待中',
  'ladder.ms': '{ms} 毫秒',
};
