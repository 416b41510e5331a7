// The sentences that lab.html and its player share, in English those that their scripts
// say. Presets are named by what wasm/lab describes.

export const en = {
  'lab.t': 't = {t}',
  'lab.state': 'Points drawn by the network at step {step} of {steps} of its training, at t = {t}: {points}.',
  'lab.loading': 'The lab is on its way…',
  'lab.diverged': 'The loss came to no number at this learning rate. What is shown is the network of the last good step: choose a lower rate.',
  'lab.blank': 'The network gives no numbers at this learning rate, so that there are no points: choose a lower rate.',
  'lab.lost': 'The lab’s worker was lost again. Learn again from the first step, or choose a smaller network.',
  'lab.unloaded': 'The lab could not start. Check the connection, or try another browser: {why}',
  'lab.preset.moons': 'Moons',
  'lab.preset.rings': 'Rings',
  'lab.preset.spiral': 'Spiral',
  'lab.preset.checkerboard': 'Checkers',
  'lab.preset.grid': 'Grid',
  'lab.preset.roll': 'Swiss roll',
  'lab.preset.letters': 'Letters',
  'lab.preset.mixture': 'Gaussians',
  'lab.preset.digits': 'Digits',
  'lab.preset.painted': 'a painting',
};

/** @type {Record<keyof typeof en, string> & Record<string, string>} */
export const zh = {
  'lab.title': 'Tweedie：观看扩散模型如何学习',
  'lab.plane': '平面',
  'lab.step': '训练一步',
  'lab.time': '时间',
  'lab.t': 't = {t}',
  'lab.state': '{points} 个点，由训练了 {step} 步（共 {steps} 步）的网络绘制，t = {t}。',
  'lab.loading': '实验室正在加载……',
  'lab.diverged': '在此学习率下损失不再是数。所示为最后一个正常步骤的网络：请降低学习率。',
  'lab.blank': '在此学习率下网络给出的不是数，因此没有点：请降低学习率。',
  'lab.lost': '实验室的工作线程再次丢失。请从第一步重新学习，或选择更小的网络。',
  'lab.unloaded': '实验室无法启动。请检查网络连接，或换一个浏览器：{why}',
  'lab.noscript': '实验室用 JavaScript 和 WebAssembly 自行训练网络。请允许脚本，以便观看它学习。',
  'lab.preset.moons': '双月',
  'lab.preset.rings': '圆环',
  'lab.preset.spiral': '螺旋',
  'lab.preset.checkerboard': '棋盘',
  'lab.preset.grid': '网格',
  'lab.preset.roll': '瑞士卷',
  'lab.preset.letters': '字母',
  'lab.preset.mixture': '高斯',
  'lab.preset.digits': '数字',
  'lab.preset.painted': '手绘',
};
