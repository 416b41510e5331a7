// A QR code as a picture.

const svg = 'http://www.w3.org/2000/svg';
/** Modules of quiet around a code. */
const quiet = 4;

/** @param {Uint8Array[]} modules */
export function drawn(modules) {
  const size = modules.length + 2 * quiet;
  const picture = document.createElementNS(svg, 'svg');
  picture.setAttribute('viewBox', `0 0 ${size} ${size}`);
  picture.setAttribute('shape-rendering', 'crispEdges');
  picture.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(svg, 'path');
  const runs = modules.flatMap((row, y) =>
    [...Array.from(row).join('').matchAll(/1+/g)].map((m) => `M${m.index + quiet} ${y + quiet}h${m[0].length}v1h-${m[0].length}z`),
  );
  path.setAttribute('d', runs.join(''));
  picture.append(path);
  return picture;
}
