// An MP4 file of encoded frames: the boxes that a film without sound needs
// (ISO/IEC 14496-12), with H.264 in them (14496-15). What players need first
// stands first, so that the file can be watched while it is still arriving.

/** @import { Chunk } from './webm.js' */
import { joined } from './bytes.js';

/** Units of time in a second: milliseconds. */
const timescale = 1000;
/** No turning, no scaling. */
const unity = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];

// Numbers of ISO/IEC 23091-2 for the names of WebCodecs.
/** @type {Record<string, number>} */
const primaries = { bt709: 1, bt470bg: 5, smpte170m: 6, bt2020: 9, smpte432: 12 };
/** @type {Record<string, number>} */
const transfers = { bt709: 1, smpte170m: 6, linear: 8, 'iec61966-2-1': 13, pq: 16, hlg: 18 };
/** @type {Record<string, number>} */
const matrices = { rgb: 0, bt709: 1, bt470bg: 5, smpte170m: 6, 'bt2020-ncl': 9 };

const text = new TextEncoder();

/**
 * @param {Chunk[]} chunks in the order of decoding, the first a key frame
 * @param {object} film
 * @param {number} film.width @param {number} film.height
 * @param {number} film.duration milliseconds
 * @param {string} film.title
 * @param {AllowSharedBufferSource} film.description AVCDecoderConfigurationRecord
 * @param {VideoColorSpaceInit} [film.colours]
 */
export function mp4(chunks, film) {
  const kind = box('ftyp', text.encode('isom'), u32(0x200), text.encode('isomiso2avc1mp41'));
  // Places of frames are counted from the beginning of the file, so from behind what tells them.
  const length = kind.length + movie(chunks, film, 0).length + 8;
  return joined([kind, movie(chunks, film, length), box('mdat', ...chunks.map(({ data }) => data))]);
}

/** @param {Chunk[]} chunks @param {Parameters<typeof mp4>[1]} film @param {number} place of the first frame */
function movie(chunks, film, place) {
  const { width, height, duration, title } = film;
  const always = [u32(0x10000), u16(0x100), u16(0), u32(0, 0), u32(...unity)];
  const header = full('mvhd', 0, 0, u32(0, 0, timescale, duration), ...always, u32(0, 0, 0, 0, 0, 0), u32(2));
  const track = full('tkhd', 0, 3, u32(0, 0, 1, 0, duration), u32(0, 0), u16(0, 0, 0, 0), u32(...unity), u32(width << 16, height << 16));
  const media = box(
    'mdia',
    full('mdhd', 0, 0, u32(0, 0, timescale, duration), u16(0x55c4, 0)), // of no language
    full('hdlr', 0, 0, u32(0), text.encode('vide'), u32(0, 0, 0), text.encode('tweedie\0')),
    box('minf', full('vmhd', 0, 1, u16(0, 0, 0, 0)), box('dinf', full('dref', 0, 0, u32(1), full('url ', 0, 1))), samples(chunks, film, place)),
  );
  const name = box('\xa9nam', box('data', u32(1, 0), text.encode(title)));
  const about = full('meta', 0, 0, full('hdlr', 0, 0, u32(0), text.encode('mdirappl'), u32(0, 0), u8(0)), box('ilst', name));
  return box('moov', header, box('trak', track, media), box('udta', about));
}

/** What the frames are, and where and when each is. @param {Chunk[]} chunks @param {Parameters<typeof mp4>[1]} film @param {number} place */
function samples(chunks, film, place) {
  // Frames may be shown in another order than they are decoded in.
  const times = chunks.map(({ time }) => time).sort((a, b) => a - b);
  const lasts = times.map((time, i) => [1, (times[i + 1] ?? film.duration) - time]);
  const late = chunks.map(({ time }, i) => [1, time - times[i]]);
  const keys = chunks.flatMap(({ key }, i) => (key ? [i + 1] : []));
  return box(
    'stbl',
    full('stsd', 0, 0, u32(1), entry(film)),
    full('stts', 0, 0, u32(lasts.length), u32(...lasts.flat())),
    ...(late.some(([, by]) => by !== 0) ? [full('ctts', 1, 0, u32(late.length), u32(...late.flat()))] : []),
    full('stss', 0, 0, u32(keys.length), u32(...keys)),
    full('stsc', 0, 0, u32(1, 1, chunks.length, 1)),
    full('stsz', 0, 0, u32(0, chunks.length), u32(...chunks.map(({ data }) => data.length))),
    full('stco', 0, 0, u32(1, place)),
  );
}

/** The format of the frames. @param {Parameters<typeof mp4>[1]} film */
function entry({ width, height, description, colours }) {
  const config = ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description);
  const inks = [];
  if (colours?.primaries && colours.transfer && colours.matrix) {
    const numbers = u16(primaries[colours.primaries] ?? 2, transfers[colours.transfer] ?? 2, matrices[colours.matrix] ?? 2);
    inks.push(box('colr', text.encode('nclx'), numbers, u8(colours.fullRange ? 0x80 : 0)));
  }
  const size = [u16(width, height), u32(0x480000, 0x480000), u32(0), u16(1)];
  return box('avc1', u32(0), u16(0, 1), u32(0, 0, 0, 0), ...size, new Uint8Array(32), u16(0x18, 0xffff), box('avcC', config), ...inks);
}

/** @param {string} type four letters @param {Uint8Array[]} content */
function box(type, ...content) {
  const size = content.reduce((sum, part) => sum + part.length, 8);
  return joined([u32(size), Uint8Array.from(type, (letter) => letter.charCodeAt(0)), ...content]);
}

/** A box with a version and flags. @param {string} type @param {number} version @param {number} flags @param {Uint8Array[]} content */
function full(type, version, flags, ...content) {
  return box(type, u32(version * 2 ** 24 + flags), ...content);
}

/** @param {number[]} values */
function u8(...values) {
  return Uint8Array.from(values);
}

/** @param {number[]} values */
function u16(...values) {
  return Uint8Array.from(values.flatMap((value) => [value >> 8, value]));
}

/** @param {number[]} values */
function u32(...values) {
  return Uint8Array.from(values.flatMap((value) => [value >> 24, value >> 16, value >> 8, value]));
}
