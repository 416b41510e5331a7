// The sentences of the lab's lessons that are not those of a card, which come with them.

export const en = {
  'lessons.wait': 'Wait until it has learned: the answer is read from the stage.',
  'lab.lesson.data': 'where data are',
  'lab.lesson.rare': 'where data are rare',
};

/** @type {typeof en} */
export const zh = {
  'lessons.wait': '请等学习完成：答案取自画面。',
  'lab.lesson.data': '数据所在处',
  'lab.lesson.rare': '数据稀少处',
};
