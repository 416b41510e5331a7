// The sentences of the ladder of steps, which come with it.

export const en = {
  'ladder.about': 'The same noise, with few steps and with many.',
  'ladder.done': 'The same noise, with few steps and with many. Press one to make it the recipe.',
  'ladder.draw': 'Draw them · {time}',
  'ladder.rest': 'Draw the rest',
  'ladder.waits': 'waiting',
  'ladder.ms': '{ms} ms',
  'ladder.error': '{ms} ms, error {error}',
  'ladder.others': 'Add a sampler…',
  'ladder.errors': 'Error against {steps} steps',
  'ladder.chart': 'Root mean square error against the picture of very many steps of DDIM, over the number of steps. Samplers with fresh noise end in pictures of their own.',
  'ladder.axis': 'steps',
};

/** @type {typeof en} */
export const zh = {
  'ladder.about': '同一份噪声，步数由少到多。',
  'ladder.done': '同一份噪声，步数由少到多。点按其中一幅，即以它为配方。',
  'ladder.draw': '绘制 · {time}',
  'ladder.rest': '绘制其余',
  'ladder.waits': '等待中',
  'ladder.ms': '{ms} 毫秒',
  'ladder.error': '{ms} 毫秒，误差 {error}',
  'ladder.others': '添加采样器…',
  'ladder.errors': '与 {steps} 步的误差',
  'ladder.chart': '与 DDIM 极多步所得图的均方根误差，随步数的变化。带新噪声的采样器会得到另一幅图。',
  'ladder.axis': '步数',
};
