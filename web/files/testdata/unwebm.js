// A reader of WebM files of one track (RFC 8794, RFC 9559), for tests. It refuses
// elements that it does not know, and goes to the clusters as a player does that
// seeks: by the cues.

/** The elements that hold others; the rest are values. @type {Record<number, string>} */
const folders = { 0x1a45dfa3: 'EBML', 0x18538067: 'Segment', 0x1549a966: 'Info', 0x1654ae6b: 'Tracks', 0xae: 'Track', 0xe0: 'Video', 0x1c53bb6b: 'Cues', 0xbb: 'Cue', 0xb7: 'Positions', 0x1f43b675: 'Cluster' };
/** @type {Record<number, string>} */
const values = {
  ...{ 0x4286: 'EBMLVersion', 0x42f7: 'EBMLReadVersion', 0x42f2: 'MaxIDLength', 0x42f3: 'MaxSizeLength', 0x4282: 'DocType', 0x4287: 'DocTypeVersion', 0x4285: 'DocTypeReadVersion' },
  ...{ 0x2ad7b1: 'Scale', 0x4489: 'Duration', 0x7ba9: 'Title', 0x4d80: 'MuxingApp', 0x5741: 'WritingApp' },
  ...{ 0xd7: 'Number', 0x73c5: 'UID', 0x83: 'Type', 0x86: 'Codec', 0xb0: 'Width', 0xba: 'Height' },
  ...{ 0xb3: 'Time', 0xf7: 'CueTrack', 0xf1: 'CuePosition', 0xe7: 'Timestamp', 0xa3: 'SimpleBlock' },
};

/** @typedef {{name: string, start: number, at: number, end: number, parts: Node[]}} Node the content is from `at` to `end` */
/** @typedef {{data: Uint8Array, time: number, key: boolean}} Block time in milliseconds */

/** @param {Uint8Array} file */
export function unwebm(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  /** A number whose first byte says how long it is. @param {number} at @param {boolean} marked whether the mark of the length is part of it */
  const vint = (at, marked) => {
    const length = Math.clz32(file[at]) - 23;
    if (!(length <= 8 && at + length <= file.length)) throw new Error(`no number begins at ${at}`);
    let value = marked ? file[at] : file[at] - 2 ** (8 - length);
    for (let i = 1; i < length; i++) value = value * 256 + file[at + i];
    return { value, length };
  };
  /** @param {number} at @param {number} end @returns {Node[]} */
  const read = (at, end) => {
    const nodes = [];
    while (at < end) {
      const start = at;
      const id = vint(at, true);
      const size = vint(at + id.length, false);
      at += id.length + size.length;
      const folder = folders[id.value];
      const name = folder ?? values[id.value];
      if (!name || at + size.value > end) throw new Error(`the element ${id.value.toString(16)} at ${start} has ${size.value} bytes of ${end - at}`);
      nodes.push({ name, start, at, end: at + size.value, parts: folder ? read(at, at + size.value) : [] });
      at += size.value;
    }
    return nodes;
  };
  const top = read(0, file.length);
  /** @param {Node[]} nodes @param {string[]} path @returns {Node} */
  const find = (nodes, ...path) => {
    const [found, ...more] = nodes.filter(({ name }) => name === path[0]);
    if (!found || more.length > 0) throw new Error(`there are ${more.length + (found ? 1 : 0)} elements ${path[0]}`);
    return path.length > 1 ? find(found.parts, ...path.slice(1)) : found;
  };
  const bytes = (/** @type {Node} */ { at, end }) => file.subarray(at, end);
  const number = (/** @type {Node} */ node) => bytes(node).reduce((sum, byte) => sum * 256 + byte, 0);
  const words = (/** @type {Node} */ node) => new TextDecoder().decode(bytes(node));
  const segment = find(top, 'Segment');
  const clusters = segment.parts.filter(({ name }) => name === 'Cluster').map(({ start, parts }) => {
    const from = number(find(parts, 'Timestamp'));
    const blocks = parts.filter(({ name }) => name === 'SimpleBlock').map(({ at, end }) => {
      const track = vint(at, false);
      const flags = file[at + track.length + 2];
      if (track.value !== 1 || flags & 0x7f) throw new Error(`a block of track ${track.value} with flags ${flags}`);
      return { data: file.subarray(at + track.length + 3, end), time: from + view.getInt16(at + track.length), key: flags === 0x80 };
    });
    return { start, from, blocks };
  });
  const cues = find(segment.parts, 'Cues').parts.map(({ parts }) => {
    const place = segment.at + number(find(parts, 'Positions', 'CuePosition'));
    return { time: number(find(parts, 'Time')), cluster: clusters.findIndex(({ start }) => start === place) };
  });
  const video = find(segment.parts, 'Tracks', 'Track', 'Video').parts;
  return {
    order: segment.parts.map(({ name }) => name),
    kind: words(find(top, 'EBML', 'DocType')),
    /** Nanoseconds of a unit of time. */
    scale: number(find(segment.parts, 'Info', 'Scale')),
    duration: view.getFloat64(find(segment.parts, 'Info', 'Duration').at),
    title: words(find(segment.parts, 'Info', 'Title')),
    codec: words(find(segment.parts, 'Tracks', 'Track', 'Codec')),
    size: [number(find(video, 'Width')), number(find(video, 'Height'))],
    clusters,
    cues,
    /** @type {Block[]} */
    blocks: clusters.flatMap(({ blocks }) => blocks),
  };
}
