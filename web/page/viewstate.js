// The address: its fragment is the recipe of what is seen, and its query says how
// the pictures are looked at, which changes no pixel that is saved.
//
//   ?views=xt,x0   the views; x_t and x̂0 without a wish
//   ?zoom=2.5&at=0.3,0.7   how much nearer, and around which point
//   ?step=12   the step that is shown, once there is one   ?lang=zh   the language
//   ?plots=snr   the plots under the film strip, and which
//   ?smooth   pixels are not squares   ?fade   a step comes out of the one before

/** @import { Camera } from '../stage/camera.js' */
import { tidy, whole } from '../stage/camera.js';
import { asked, note } from '../document/address.js';
import { wanted } from '../document/fragment.js';

/** The fragment that was written or taken last. */
let known = '';

/** Whether a fragment is another than was written or taken last; it is taken now. */
export function isNews(hash = location.hash) {
  if (hash === known) return false;
  known = hash;
  return true;
}

/**
 * Writes a recipe into the address, in a separate entry of the browser's
 * history if it is another one that a person asked for.
 * @param {string} recipe @param {boolean} [asked]
 */
export function noteRecipe(recipe, asked = false) {
  if (asked && wanted(`#${recipe}`) !== wanted(location.hash)) history.pushState(null, '');
  history.replaceState(history.state, '', `#${recipe}`);
  known = location.hash;
}

/** The camera that the address asks for. @returns {Camera} */
export function askedCamera() {
  const [x, y] = (asked('at') ?? '').split(',').map((part) => (part === '' ? NaN : Number(part)));
  const scale = Number(asked('zoom') ?? 1);
  if (!Number.isFinite(scale)) return whole;
  // Where no point is given, the middle is meant.
  const middle = (/** @type {number} */ at) => (Number.isFinite(at) ? at : 0.5);
  return tidy({ scale, x: middle(x), y: middle(y) });
}

/** @param {Camera} camera */
export function noteCamera(camera) {
  const near = camera.scale > 1;
  note({ zoom: near ? short(camera.scale) : null, at: near ? `${short(camera.x)},${short(camera.y)}` : null });
}

/** @param {number} n */
function short(n) {
  return String(Math.round(n * 1000) / 1000);
}
