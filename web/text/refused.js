// Why a recipe is refused: a sentence for each reason of sampler/solver. They come
// late, when the first recipe is.

export const en = {
  'refused.limits': '{label} must be {min} to {max}; you wrote {value}.',
  'refused.above': '{label} must be above {min} and at most {max}; you wrote {value}.',
  'refused.number': '{label} must be a number from {min} to {max}; you wrote “{value}”.',
  'refused.whole': '{label} must be a whole number from {min} to {max}; you wrote “{value}”.',
  'refused.choice': '{label}: there is no “{value}” to choose.',
  'refused.value': '{label} cannot be “{value}”.',
  'refused.class': 'This model has no class “{value}”.',
  'refused.classless': 'This model has no classes, so none can be chosen.',
  'refused.letter': 'This model cannot write “{letter}”: none of its classes is that letter.',
  'refused.key': 'The recipe has a part “{value}” that this page does not know.',
  'refused.model': 'There is no model “{value}” in this page.',
  'refused.text': 'The recipe cannot be read at “{value}”.',
  'refused.picture': 'This recipe begins with a picture that is not here. The author of the link has to send the picture as well.',
  'refused.size': 'The picture that the recipe begins with has another size than this model’s pictures.',
  'refused.strength': 'With {steps} steps, a strength of {value} leaves no step to take. Choose more strength or more steps.',
  'refused.order': 'Order {value} needs as many steps, and there are only {steps}. Choose a lower order or more steps.',
  'refused.jump': 'A round must be shorter than the {steps} steps that are taken; you wrote {value}.',
};

export const zh = {
  'refused.limits': '{label}须为 {min} 到 {max}；您写的是 {value}。',
  'refused.above': '{label}须大于 {min}，且不超过 {max}；您写的是 {value}。',
  'refused.number': '{label}须为 {min} 到 {max} 的数；您写的是“{value}”。',
  'refused.whole': '{label}须为 {min} 到 {max} 的整数；您写的是“{value}”。',
  'refused.choice': '{label}：没有“{value}”可选。',
  'refused.value': '{label}不能是“{value}”。',
  'refused.class': '此模型没有类别“{value}”。',
  'refused.classless': '此模型没有类别，因此无从选择。',
  'refused.letter': '此模型写不出“{letter}”：它的类别中没有这个字符。',
  'refused.key': '配方中有此页面不认识的部分“{value}”。',
  'refused.model': '此页面没有模型“{value}”。',
  'refused.text': '配方从“{value}”处起无法读取。',
  'refused.picture': '这份配方从一张图片开始，而图片不在这里，需要链接的作者一并发送。',
  'refused.size': '配方的起始图片与此模型的图像尺寸不同。',
  'refused.strength': '共 {steps} 步时，强度 {value} 没有留下任何一步。请增大强度或步数。',
  'refused.order': '{value} 阶至少需要同样多的步数，而步数只有 {steps}。请降低阶数或增加步数。',
  'refused.jump': '每遍的步数须少于所走的 {steps} 步；您写的是 {value}。',
};
