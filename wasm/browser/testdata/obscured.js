// What has the focus: its name, and after a colon what is wrong where it does not show; '' at the end.
() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return '';
  const shown = focused.closest('label') ?? focused;
  const name = focused.id || focused.name || focused.textContent.trim().replaceAll(':', '');
  const {left, top, width, height} = shown.getBoundingClientRect();
  const over = document.elementFromPoint(left + width / 2, top + height / 2);
  if (!over) return `${name}: out of the window`;
  if (!shown.contains(over) && !over.contains(shown)) return `${name}: under ${over.id || over.className || over.localName}`;
  const ring = [...shown.querySelectorAll('*'), shown].some((part) => getComputedStyle(part).outlineStyle !== 'none');
  return ring ? name : `${name}: no ring`;
}
