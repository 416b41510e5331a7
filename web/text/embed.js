// The sentences of the player alone, which come with it.

export const en = {
  'embed.another': 'Another',
  'embed.closed': 'The page around lets no sampler run in this frame.',
  'embed.open': 'Watch it on its own page',
  'embed.wrong': '{name} is “{value}”, but can only be {values}.',
};

/** @type {typeof en} */
export const zh = {
  'embed.another': '换一张',
  'embed.closed': '外层页面不允许采样器在此框架中运行。',
  'embed.open': '在单独的页面观看',
  'embed.wrong': '{name} 为“{value}”，但只能是 {values}。',
};
