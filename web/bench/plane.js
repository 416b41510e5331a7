// How many frames a second the lab's stage has by Ebitengine, with points that all move.

/** @import { Scene } from '../lab/scene.js' */
import { address } from '../load/files.js';
import { PlaneViewer } from '../lab/viewer.js';

/**
 * frames is how many there were in a second, busy the milliseconds that the page's thread took for
 * one in the median.
 * @typedef {{name: string, frames: number, busy: number}} Rate
 */

const size = { width: 600, height: 600 }; // of the stage, CSS pixels
const places = 8; // of a trail
const warmth = 5; // frames before those that count
const glides = 12; // frames of a step between which points glide

/**
 * Measures steps that come with every frame, and steps between which points glide.
 * @param {HTMLElement} box that the stage is put into @param {number} points
 * @param {number} seconds for each
 * @returns {Promise<Rate[]>}
 */
export async function measure(box, points, seconds) {
  const viewer = await started(box);
  const swarm = new Swarm(points);
  const name = `${points.toLocaleString('en')} points with trails of ${places}`;
  return [
    { name: `${name}, a step a frame`, ...(await rate(seconds, () => show(viewer, swarm.step(), 1))) },
    { name: `${name}, a step in ${glides} frames`, ...(await rate(seconds, (i) => show(viewer, i % glides ? swarm : swarm.step(), (i % glides) / glides))) },
  ];
}

/** @param {HTMLElement} box @returns {Promise<PlaneViewer>} */
function started(box) {
  return new Promise((taken, failed) => {
    let up = false;
    const viewer = new PlaneViewer(box, {
      up: () => {
        up = true;
        show(viewer, new Swarm(1), 1);
      },
      taken: () => (viewer.taken ? taken(viewer) : failed(new Error('the viewer has ended'))),
    });
    viewer.start(address('web/viewer/frame.html'), size).then(() => up || failed(new Error('this browser has no WebGL2')));
  });
}

/**
 * Draws with every frame.
 * @param {number} seconds @param {(frame: number) => void} draw
 */
async function rate(seconds, draw) {
  const { port1, port2 } = new MessageChannel();
  let began = 0;
  /** @type {number[]} */
  const busy = [];
  for (let i = 0; i <= warmth || performance.now() < began + 1000 * seconds; i++) {
    const start = await new Promise(requestAnimationFrame).then(() => performance.now());
    if (i === warmth) began = start;
    draw(i);
    // The viewer's own callback comes after this one in the same frame, and messages after both.
    await new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage(0);
    });
    if (i >= warmth) busy.push(performance.now() - start);
  }
  const frames = (1000 * busy.length) / (performance.now() - began);
  port1.close();
  return { frames, busy: busy.sort((a, b) => a - b)[busy.length >> 1] };
}

/** @param {PlaneViewer} viewer @param {Swarm} swarm @param {number} way */
function show(viewer, { points, trails }, way) {
  /** @type {Scene} */
  const scene = {
    window: { x: 0, y: 0, scale: size.width / 2.4 },
    background: '#0e1014',
    arrows: [],
    clouds: [{ points, before: trails[0], way, trails, colour: '#ffb24a', opacity: 0.6, radius: 2.5 }],
    paths: [],
  };
  viewer.draw(scene, size.width, size.height);
}

/** Points that go round, the inner ones faster. */
class Swarm {
  #angle = 0;
  points = new Float32Array(0);
  /** @type {Float32Array[]} */
  trails = [];

  /** @param {number} n */
  constructor(n) {
    this.n = n;
    this.step();
  }

  step() {
    const points = new Float32Array(2 * this.n);
    for (let i = 0; i < this.n; i++) {
      const radius = Math.sqrt((i + 0.5) / this.n);
      const angle = 2.399963 * i + this.#angle / (0.3 + radius);
      points.set([radius * Math.cos(angle), radius * Math.sin(angle)], 2 * i);
    }
    if (this.points.length) this.trails = [this.points, ...this.trails].slice(0, places);
    this.#angle += 0.03;
    this.points = points;
    return this;
  }
}
