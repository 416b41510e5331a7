// The sentences of web/opened, which come with it.

export const en = {
  'opened.large': '{file} has {width} × {height} pixels. At most {most} million pixels, and {side} on a side, can be opened here: make it smaller first.',
  'opened.heavy': '{file} has {size}. Pictures of at most {most} can be opened here: make it smaller first.',
  'opened.damaged': '{file} is damaged or did not arrive whole: save it again, or choose another picture.',
  'opened.lost': '{file} cannot be read. It may have been moved or renamed: choose it again.',
  'opened.memory': 'There is not enough memory for the {width} × {height} pixels of {file}: make it smaller first.',
  'opened.changed': 'This browser changes the pixels that pages read, to protect you from being recognised, so {file} cannot be opened exactly. Save it as PNG and open that, or allow this page to read canvases.',
};

export const zh = {
  'opened.large': '{file} 有 {width} × {height} 个像素。这里最多能打开 {most} 百万像素、每边 {side} 像素的图片：请先缩小它。',
  'opened.heavy': '{file} 大小为 {size}。这里最多能打开 {most} 的图片：请先缩小它。',
  'opened.damaged': '{file} 已损坏或不完整：请重新保存它，或选择另一张图片。',
  'opened.lost': '无法读取 {file}。它可能已被移动或改名，请重新选择。',
  'opened.memory': '内存不足，无法打开 {file} 的 {width} × {height} 个像素：请先缩小它。',
  'opened.changed': '为防止您被识别，此浏览器会改动网页读取的像素，因此无法精确打开 {file}。请把它另存为 PNG 再打开，或允许此页面读取画布。',
};
