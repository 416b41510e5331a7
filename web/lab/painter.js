// Draws a scene on a plain canvas.

/** @import { Arrows, Cloud, Heat, Path, Scene, Window } from './scene.js' */

/** Sides of an arrow's head in CSS pixels, and half its angle. */
const head = 4;
const half = 0.45;

/** A point of the plane in pixels. @typedef {(x: number, y: number) => [number, number]} Place */

export class Painter {
  /** Discs by what they look like. @type {Map<string, HTMLCanvasElement>} */
  #discs = new Map();
  /** The heat map that was drawn last, as a picture. @type {{heat: Heat, picture: HTMLCanvasElement} | undefined} */
  #heat;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
  }

  /**
   * @param {Scene} scene @param {number} width @param {number} height in CSS pixels
   * @param {number} ratio pixels of the canvas for one of them
   */
  draw(scene, width, height, ratio) {
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== across || this.canvas.height !== down) Object.assign(this.canvas, { width: across, height: down });
    const context = this.context;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = scene.background;
    context.fillRect(0, 0, width, height);
    const place = placed(scene.window, width, height);
    if (scene.heat) this.#warm(scene.heat, place);
    for (const arrows of scene.arrows) this.#arrows(arrows, place);
    for (const cloud of scene.clouds) this.#cloud(cloud, place, ratio, width, height);
    for (const path of scene.paths) this.#path(path, place);
    context.globalAlpha = 1;
  }

  /** @param {Heat} heat @param {Place} place */
  #warm(heat, place) {
    if (this.#heat?.heat.values !== heat.values || this.#heat.heat.colours[0] !== heat.colours[0]) this.#heat = { heat, picture: pictureOf(heat) };
    const [left, top] = place(heat.left, heat.top);
    const [right, bottom] = place(heat.right, heat.bottom);
    this.context.globalAlpha = heat.opacity;
    this.context.imageSmoothingEnabled = true;
    this.context.imageSmoothingQuality = 'high';
    this.context.drawImage(this.#heat.picture, left, top, right - left, bottom - top);
  }

  /** @param {Arrows} arrows @param {Place} place */
  #arrows({ from, to, colour, opacity, width }, place) {
    const context = this.context;
    Object.assign(context, { globalAlpha: opacity, strokeStyle: colour, lineWidth: width, lineCap: 'round' });
    context.beginPath();
    for (let i = 0; i < from.length; i += 2) {
      const [x, y] = place(from[i], from[i + 1]);
      const [a, b] = place(to[i], to[i + 1]);
      context.moveTo(x, y);
      context.lineTo(a, b);
      const long = Math.hypot(a - x, b - y);
      if (long < 2) continue;
      const angle = Math.atan2(b - y, a - x);
      const side = Math.min(head, long / 2);
      for (const turn of [-half, half]) {
        context.moveTo(a, b);
        context.lineTo(a - side * Math.cos(angle + turn), b - side * Math.sin(angle + turn));
      }
    }
    context.stroke();
  }

  /** @param {Cloud} cloud @param {Place} place @param {number} ratio @param {number} width @param {number} height */
  #cloud({ points: to, before, way = 1, colour, opacity, radius, trails }, place, ratio, width, height) {
    const context = this.context;
    const points = before && way < 1 ? to.map((value, i) => before[i] + way * (value - before[i])) : to;
    Object.assign(context, { strokeStyle: colour, lineWidth: Math.max(1, radius * 0.8), lineCap: 'butt' });
    let newer = points;
    trails.forEach((older, age) => {
      context.globalAlpha = opacity * 0.32 * (1 - (age + way) / trails.length);
      context.beginPath();
      for (let i = 0; i < older.length; i += 2) {
        const [x, y] = place(older[i], older[i + 1]);
        const [a, b] = place(newer[i], newer[i + 1]);
        context.moveTo(x, y);
        context.lineTo(a, b);
      }
      context.stroke();
      newer = older;
    });
    context.globalAlpha = opacity;
    const disc = this.#disc(colour, radius, ratio);
    const side = disc.width / ratio;
    for (let i = 0; i < points.length; i += 2) {
      const [x, y] = place(points[i], points[i + 1]);
      if (x < -side || y < -side || x > width + side || y > height + side) continue;
      context.drawImage(disc, x - side / 2, y - side / 2, side, side);
    }
  }

  /** @param {string} colour @param {number} radius @param {number} ratio */
  #disc(colour, radius, ratio) {
    const key = `${colour} ${radius} ${ratio}`;
    let disc = this.#discs.get(key);
    if (!disc) {
      disc = document.createElement('canvas');
      disc.width = disc.height = Math.ceil(2 * radius * ratio) + 2;
      const context = /** @type {CanvasRenderingContext2D} */ (disc.getContext('2d'));
      context.fillStyle = colour;
      context.beginPath();
      context.arc(disc.width / 2, disc.width / 2, radius * ratio, 0, 2 * Math.PI);
      context.fill();
      this.#discs.set(key, disc);
    }
    return disc;
  }

  /** @param {Path} path @param {Place} place */
  #path({ points, colour, opacity, width }, place) {
    const context = this.context;
    Object.assign(context, { globalAlpha: opacity, strokeStyle: colour, lineWidth: width, lineJoin: 'round', lineCap: 'round' });
    context.beginPath();
    for (let i = 0; i < points.length; i += 2) context.lineTo(...place(points[i], points[i + 1]));
    context.stroke();
  }
}

/** Where points of the plane are in a view. @param {Window} window @param {number} width @param {number} height @returns {Place} */
export function placed({ x, y, scale }, width, height) {
  return (a, b) => [width / 2 + (a - x) * scale, height / 2 - (b - y) * scale];
}

/** @param {Pick<Heat, 'values' | 'width' | 'height' | 'colours'>} heat */
export function pictureOf({ values, width, height, colours }) {
  const picture = document.createElement('canvas');
  Object.assign(picture, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (picture.getContext('2d'));
  const data = context.createImageData(width, height);
  const stops = colours.map((colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));
  values.forEach((value, i) => {
    const at = Math.max(0, Math.min(1, value)) * (stops.length - 1);
    const stop = Math.min(Math.floor(at), stops.length - 2);
    const share = at - stop;
    for (let c = 0; c < 3; c++) data.data[4 * i + c] = stops[stop][c] + share * (stops[stop + 1][c] - stops[stop][c]);
    data.data[4 * i + 3] = 255;
  });
  context.putImageData(data, 0, 0);
  return picture;
}
