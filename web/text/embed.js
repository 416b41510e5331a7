// The sentences of both players, which come with them; in English those that their scripts say.

export const en = {
  'embed.wrong': '{name} is “{value}”, but can only be {values}.',
};

/** @type {Record<keyof typeof en, string> & Record<string, string>} */
export const zh = {
  'embed.another': '换一张',
  'embed.closed': '外层页面不允许采样器在此框架中运行。',
  'embed.open': '在单独的页面观看',
  'embed.wrong': '{name} 为“{value}”，但只能是 {values}。',
};
