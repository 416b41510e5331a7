// One pixel over all steps of a film, as a line: what the stage shows of x_t and of
// the guess, which are bytes.

/** @import { Film } from '../stage/film.js' */

const svg = 'http://www.w3.org/2000/svg';
const width = 240;
const height = 64;

/**
 * The bytes of a pixel at every step that is kept.
 * @param {Film} film @param {number} picture @param {number} at index of its byte
 * @returns {{step: number, xt: number, x0: number}[]}
 */
export function courseOf(film, picture, at) {
  const steps = [...new Set([...film.kept.keys(), film.latest])].sort((a, b) => a - b);
  return steps.flatMap((step) => {
    const frame = step === film.latest ? film.live[picture] : film.kept.get(step)?.[picture];
    return frame && at < frame.xt.length ? [{ step, xt: frame.xt[at], x0: frame.x0[at] }] : [];
  });
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function shape(name, attributes) {
  const element = document.createElementNS(svg, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/**
 * Draws a course into an svg element, with a mark at a step.
 * @param {Element} box @param {{step: number, xt: number, x0: number}[]} course @param {number} steps @param {number} current
 */
export function draw(box, course, steps, current) {
  box.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const x = (/** @type {number} */ step) => (steps > 1 ? ((step - 1) / (steps - 1)) * (width - 4) + 2 : width / 2);
  const y = (/** @type {number} */ byte) => height - 2 - (byte / 255) * (height - 4);
  const line = (/** @type {'xt' | 'x0'} */ of) => shape('polyline', { class: of, points: course.map((at) => `${x(at.step).toFixed(1)},${y(at[of]).toFixed(1)}`).join(' ') });
  const middle = shape('line', { class: 'middle', x1: 0, x2: width, y1: y(127.5), y2: y(127.5) });
  const mark = shape('line', { class: 'mark', x1: x(current), x2: x(current), y1: 0, y2: height });
  box.replaceChildren(middle, mark, line('x0'), line('xt'));
}
