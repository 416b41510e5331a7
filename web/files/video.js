// A run as a film, where the browser has an encoder: the steps that the GIF has,
// in their colours.

/** @import { Film } from '../stage/film.js' */
/** @import { View } from '../stage/views.js' */
/** @import { Choices } from './pictures.js' */
import { mp4 } from './mp4.js';
import { frames, put, sheetOf } from './pictures.js';
import { webm } from './webm.js';

const avc = /** @type {const} */ ({ format: 'avc' });
/** Blocks of 16×16 pixels in a frame, beyond which H.264 wants a higher level. */
const mostBlocks = 8192;
/** Milliseconds of a step at the usual speed, and of the last. */
const usual = 100;
const linger = 1500;
/** Frames from one that stands alone to the next. */
const group = 30;
/** Frames that may wait for the encoder. */
const most = 4;

/** Whether this browser has encoders. Which ones is asked when one is wanted:
    the question alone ends the page in a WebKit that lacks its media plug-ins. */
export function hasEncoders() {
  return typeof VideoEncoder === 'function';
}

/** Says that the encoders of this browser are for other formats. */
export class NoEncoderError extends Error {}

/**
 * @param {Film} film @param {View[]} views @param {string} recipe
 * @param {(part: number) => boolean} progress told how much is done, says whether to go on
 * @param {Choices} [choices]
 * @returns {Promise<Blob | undefined>} nothing after a cancel
 */
export async function video(film, views, recipe, progress, { zoom, speed = 1, loops = false } = {}) {
  const steps = frames(film, views, zoom);
  const each = Math.round(usual / speed);
  // Colours are kept for two by two pixels.
  const width = steps.width + (steps.width % 2);
  const height = steps.height + (steps.height % 2);
  const { type, config } = await format({ width, height, bitrate: Math.min(40_000_000, 40 * width * height), framerate: 1000 / each, latencyMode: 'quality' });
  /** @type {import('./webm.js').Chunk[]} */
  const chunks = [];
  /** @type {Error | undefined} */
  let fault;
  /** @type {VideoDecoderConfig | undefined} */
  let decoder;
  const encoder = new VideoEncoder({
    output: (chunk, about) => {
      decoder = about?.decoderConfig ?? decoder;
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      chunks.push({ data, time: chunk.timestamp / 1000, key: chunk.type === 'key' });
    },
    error: (error) => (fault = error),
  });
  encoder.configure(config);
  const sheet = sheetOf(width, height, 0);
  const show = (/** @type {number} */ time, /** @type {boolean} */ keyFrame) => {
    const frame = new VideoFrame(sheet.data, { format: 'RGBX', codedWidth: width, codedHeight: height, timestamp: time * 1000 });
    encoder.encode(frame, { keyFrame });
    frame.close();
  };
  try {
    for (let i = 0; i < steps.count; i++) {
      put(sheet, steps.draw(i), 0, 0);
      show(i * each, i % group === 0);
      while (encoder.encodeQueueSize > most && !fault) await new Promise((resolve) => setTimeout(resolve));
      if (fault) throw fault;
      if (!progress((i + 1) / steps.count)) return undefined;
      await new Promise((resolve) => setTimeout(resolve));
    }
    const duration = (steps.count - 1) * each + (loops ? each : linger);
    show(duration - 1, false); // so that players stay with the last
    await encoder.flush();
    const film = { width, height, duration, title: recipe };
    if (type === 'video/webm') return new Blob([webm(chunks, film)], { type });
    if (!decoder?.description) throw new Error('the encoder does not say how its frames are to be read');
    return new Blob([mp4(chunks, { ...film, description: decoder.description, colours: decoder.colorSpace })], { type });
  } finally {
    if (encoder.state !== 'closed') encoder.close();
  }
}

/**
 * The first format that this browser plays and encodes in the size; that which
 * most programs open, H.264 in MP4, is asked for before VP8 in WebM.
 * @param {Omit<VideoEncoderConfig, 'codec'>} size
 */
async function format(size) {
  const player = document.createElement('video');
  const level = Math.ceil(size.width / 16) * Math.ceil(size.height / 16) > mostBlocks ? '33' : '28';
  const formats = [
    { type: 'video/mp4', config: { ...size, codec: `avc1.6400${level}`, avc } },
    { type: 'video/mp4', config: { ...size, codec: `avc1.42E0${level}`, avc } },
    { type: 'video/webm', config: { ...size, codec: 'vp8' } },
  ];
  for (const { type, config } of formats) {
    if (!player.canPlayType(`${type}; codecs="${config.codec}"`)) continue;
    const { supported } = await VideoEncoder.isConfigSupported(config);
    if (supported) return { type, config };
  }
  throw new NoEncoderError();
}
