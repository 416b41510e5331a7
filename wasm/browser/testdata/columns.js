// What of two columns does not lie within the width of its heading, or above it: the
// captions of each side, and the slider on its film strip.
() => {
  const rect = (e) => e.getBoundingClientRect();
  const headings = [...document.querySelectorAll('.side')].filter((e) => e.checkVisibility()).map(rect);
  const sides = [0, 1].map((side) => [
    ...['xt', 'x0'].map((view) => `caption-${view}${side ? '-1' : ''}`),
    side ? 'timeline-second' : 'timeline',
  ]);
  return sides.flatMap((ids, side) => ids.filter((id) => {
    const e = document.getElementById(id);
    const {left, right, top, width} = rect(e);
    const heading = headings[side];
    return width === 0 || left < heading.left - 1 || right > heading.right + 1 || top < heading.bottom - 1;
  }));
}
