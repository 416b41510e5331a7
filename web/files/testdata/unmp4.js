// A reader of MP4 files of one track (ISO/IEC 14496-12), for tests. It follows the
// tables as a player does, and knows nothing of the writer.

/** @typedef {{type: string, at: number, end: number}} Box its content's place in the file */
/** @typedef {{data: Uint8Array, decoded: number, shown: number, lasts: number, key: boolean}} Sample times in seconds */

/** Boxes that consist of boxes, and how much of their content comes before these. @type {Record<string, number>} */
const folders = { moov: 0, trak: 0, mdia: 0, minf: 0, dinf: 0, dref: 8, stbl: 0, stsd: 8, avc1: 78, udta: 0, meta: 4, ilst: 0, '\xa9nam': 0 };

/** @param {Uint8Array} file */
export function unmp4(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const u32 = (/** @type {number} */ at) => view.getUint32(at);
  const letters = (/** @type {number} */ at) => String.fromCharCode(...file.subarray(at, at + 4));
  /** By path, such as moov/trak. @type {Map<string, Box>} */
  const all = new Map();
  /** @param {number} at @param {number} end @param {string} path @returns {string[]} */
  const read = (at, end, path) => {
    const types = [];
    while (at < end) {
      const size = end - at < 8 ? 0 : u32(at);
      const type = letters(at + 4);
      if (size < 8 || at + size > end) throw new Error(`${path}${type} at ${at} has ${size} bytes, and ${end - at} are left`);
      if (all.has(path + type)) throw new Error(`there are two boxes ${path}${type}`);
      all.set(path + type, { type, at: at + 8, end: at + size });
      if (type in folders) read(at + 8 + folders[type], at + size, `${path}${type}/`);
      types.push(type);
      at += size;
    }
    return types;
  };
  const order = read(0, file.length, '');
  /** @param {string} path */
  const box = (path) => {
    const found = all.get(path);
    if (!found) throw new Error(`there is no box ${path}`);
    return found;
  };
  /** @param {string} path */
  const content = (path) => file.subarray(box(path).at, box(path).end);
  /** The rows of a table of 32-bit numbers, behind a version, flags, and what skip says. @param {string} path @param {number} width @param {number} [skip] */
  const table = (path, width, skip = 0) => {
    const { at, end } = box(path);
    const rows = u32(at + 4 + skip);
    if (end - at !== 8 + skip + 4 * width * rows) throw new Error(`${path} has ${end - at} bytes with ${rows} rows`);
    return Array.from({ length: rows }, (_, i) => Array.from({ length: width }, (_, j) => view.getInt32(at + 8 + skip + 4 * (width * i + j))));
  };
  const media = 'moov/trak/mdia/';
  const stbl = `${media}minf/stbl/`;
  const scale = u32(box(`${media}mdhd`).at + 12);
  const each = (/** @type {number[][]} */ rows) => rows.flatMap(([count, value]) => new Array(count).fill(value));
  const lasts = each(table(`${stbl}stts`, 2));
  const late = all.has(`${stbl}ctts`) ? each(table(`${stbl}ctts`, 2)) : lasts.map(() => 0);
  const keys = new Set(table(`${stbl}stss`, 1).flat());
  const sizes = table(`${stbl}stsz`, 1, 4).flat();
  const places = table(`${stbl}stco`, 1).flat();
  const runs = table(`${stbl}stsc`, 3);
  /** @type {Sample[]} */
  const samples = [];
  let decoded = 0;
  places.forEach((place, chunk) => {
    const [, count] = runs.filter(([first]) => first <= chunk + 1).slice(-1)[0];
    for (let i = 0; i < count; i++) {
      const n = samples.length;
      samples.push({ data: file.subarray(place, place + sizes[n]), decoded: decoded / scale, shown: (decoded + late[n]) / scale, lasts: lasts[n] / scale, key: keys.has(n + 1) });
      decoded += lasts[n];
      place += sizes[n];
    }
  });
  if (samples.length !== sizes.length || samples.length !== lasts.length || samples.length !== late.length) throw new Error('the tables are of different lengths');
  /** @param {string} path @param {number} of the scale in the box @param {number} at */
  const seconds = (path, of, at) => u32(box(path).at + at) / of;
  const entry = box(`${stbl}stsd/avc1`).at;
  const header = box('moov/trak/tkhd').at;
  return {
    order,
    samples,
    scale,
    has: (/** @type {string} */ path) => all.has(path),
    content,
    seconds: { movie: seconds('moov/mvhd', u32(box('moov/mvhd').at + 12), 16), track: seconds('moov/trak/tkhd', u32(box('moov/mvhd').at + 12), 20), media: seconds(`${media}mdhd`, scale, 16) },
    size: { shown: [u32(header + 76) / 65536, u32(header + 80) / 65536], coded: [view.getUint16(entry + 24), view.getUint16(entry + 26)] },
    brand: letters(box('ftyp').at),
    handler: letters(box(`${media}hdlr`).at + 8),
    title: new TextDecoder().decode(content('moov/udta/meta/ilst/\xa9nam/data').subarray(8)),
  };
}
