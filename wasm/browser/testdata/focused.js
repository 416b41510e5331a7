// What the focus is on, and whether it can be seen there; empty for nothing.
() => {
  const e = document.activeElement;
  if (e === document.body) return '';
  const marked = e.matches('.chip input') ? e.nextElementSibling : e;
  const style = getComputedStyle(marked);
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) return e.id + e.value + ' shows no focus';
  return e.id || e.parentElement.id || e.value;
}
