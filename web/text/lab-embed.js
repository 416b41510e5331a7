// The sentences of the lab's player alone, in English those that its script says.

export const en = {
  'embed.foreign': '{name} has no meaning with lab: leave it out.',
  'embed.lab.step': 'Step {step} of {steps}',
  'embed.lab.figures': 'Step {step} of {steps} · loss {loss}',
};

/** @type {Record<keyof typeof en, string> & Record<string, string>} */
export const zh = {
  'embed.foreign': '{name} 与 lab 同用没有意义：请去掉。',
  'embed.lab.keys': '方向键移动视图，加号和减号缩放，零显示全部。',
  'embed.lab.step': '第 {step} 步，共 {steps} 步',
  'embed.lab.figures': '第 {step} 步，共 {steps} 步 · 损失 {loss}',
};
