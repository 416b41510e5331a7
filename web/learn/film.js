// What can be measured on a film: frames of a step, their contrast, how much is decided.

/** @import { Film, Frame } from '../stage/film.js' */
import { tolerance } from '../stage/film.js';

/** A frame of a picture at a step, if it is kept. @param {Film} film @param {number} step @param {number} [picture] @returns {Frame | undefined} */
export function frameAt(film, step, picture = 0) {
  return (step === film.latest ? film.live[picture] : undefined) ?? film.kept.get(step)?.[picture] ?? film.again.get(step)?.[picture];
}

/** The standard deviation of bytes. @param {Uint8Array} bytes */
export function contrast(bytes) {
  const mean = bytes.reduce((sum, v) => sum + v, 0) / bytes.length;
  return Math.sqrt(bytes.reduce((sum, v) => sum + (v - mean) ** 2, 0) / bytes.length);
}

/** The part of the pictures, 0 to 1, that the guess of a step has right already, once a run is over. @param {Film} film @param {number} step */
export function decidedAt(film, step) {
  if (!film.complete || film.noised) return undefined;
  let [right, all] = [0, 0];
  for (const [picture, last] of film.live.entries()) {
    const [end, now] = [last?.x0 ?? new Uint8Array(), frameAt(film, step, picture)?.x0];
    if (!now) return undefined;
    all += end.length;
    for (let i = 0; i < end.length; i++) if (Math.abs(end[i] - now[i]) <= tolerance) right++;
  }
  return right / all;
}

/** A picture of bytes as the network knows it, −1 to 1. @param {number} byte */
const valueOf = (byte) => byte / 127.5 - 1;

/** ‖x̂0 − x0‖² of the first picture at a step, x0 being what the run ends in. @param {Film} film @param {number} step */
export function missedAt(film, step) {
  const [now, end] = [frameAt(film, step)?.x0, film.complete && !film.noised ? film.live[0]?.xt : undefined];
  return now && end?.reduce((sum, byte, i) => sum + (valueOf(byte) - valueOf(now[i])) ** 2, 0);
}

/** ‖x0‖² of the first picture, and how many values it has, once the run is over. @param {Film} film */
export function squaredOf(film) {
  const end = film.complete && !film.noised ? film.live[0]?.xt : undefined;
  return end && { square: end.reduce((sum, byte) => sum + valueOf(byte) ** 2, 0), values: end.length };
}

/** How alike the pictures that a run ended in are: the correlation of two of them, on average; NaN of one alone. @param {Film} film */
export function likeness({ live }) {
  const unit = live.map((frame) => {
    const bytes = frame?.xt ?? new Uint8Array();
    const mean = bytes.reduce((sum, v) => sum + v, 0) / bytes.length;
    const norm = contrast(bytes) * Math.sqrt(bytes.length);
    return Array.from(bytes, (v) => (v - mean) / norm);
  });
  const pairs = unit.flatMap((one, i) => unit.slice(i + 1).map((other) => one.reduce((sum, v, k) => sum + v * other[k], 0)));
  return pairs.reduce((sum, v) => sum + v, 0) / pairs.length;
}

/** How much neighbours in a row differ on average, in bytes. @param {Uint8Array} bytes [H,W,C] @param {{width: number, channels: number}} shape */
export function roughness(bytes, { width, channels }) {
  let [sum, count] = [0, 0];
  for (let i = channels; i < bytes.length; i++) {
    if (i % (width * channels) < channels) continue;
    sum += Math.abs(bytes[i] - bytes[i - channels]);
    count++;
  }
  return sum / count;
}
