// The middle of an element, or a place in it, in the window; an empty list if it cannot be pressed.
(selector, number, part, down) => {
  const all = document.querySelectorAll(selector);
  const element = all[number % Math.max(1, all.length)];
  if (!element?.checkVisibility() || element.ariaDisabled === 'true') return [];
  element.scrollIntoView({block: 'nearest', inline: 'nearest', behavior: 'instant'});
  const {left, top, width, height} = element.getBoundingClientRect();
  return [left + width * part, top + height * down];
}
