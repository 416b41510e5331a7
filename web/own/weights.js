// Whether a file holds weights that this program reads: safetensors, whose
// header has a config among its metadata.

/** More bytes than these are no header of a weights file, as in the reader of package weights. */
const longest = 100_000_000;

/**
 * The metadata of a file of weights; nothing where it is another file.
 * @param {Blob} file @returns {Promise<Record<string, string> | undefined>}
 */
export async function metadataOf(file) {
  const start = await file.slice(0, 9).arrayBuffer();
  if (start.byteLength < 9 || new Uint8Array(start)[8] !== 0x7b) return undefined;
  const length = Number(new DataView(start).getBigUint64(0, true));
  if (length > longest || 8 + length > file.size) return undefined;
  try {
    const header = JSON.parse(await file.slice(8, 8 + length).text());
    const ends = Object.values(header).map((tensor) => tensor?.data_offsets?.[1] ?? 0);
    // Of one that is cut off the converter says so.
    if (8 + length + Math.max(0, ...ends) > file.size) return undefined;
    return typeof header.__metadata__?.config === 'string' ? header.__metadata__ : undefined;
  } catch {
    return undefined;
  }
}

/** The name that recipes give a file, of those that are allowed. @param {string} file */
export function fitName(file) {
  const plain = file.replace(/^.*\//, '').replace(/\.(safetensors|ckpt|pth?|bin|npz)$/i, '');
  return plain.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[^A-Za-z0-9_]+|[-.]+$/g, '').slice(0, 63) || 'model';
}

/**
 * A name that nothing has, with a number behind it if need be.
 * @param {string} name @param {(name: string) => boolean} taken
 */
export function freeName(name, taken) {
  for (let n = 1; ; n++) {
    const ending = n === 1 ? '' : `-${n}`;
    const tried = name.slice(0, 63 - ending.length) + ending;
    if (!taken(tried)) return tried;
  }
}

/** A title as sentences can hold it: in one line, with nothing that turns the text around, and no longer than a name is. @param {string} title */
export function short(title) {
  const plain = title.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return plain.length > 100 ? `${plain.slice(0, 99)}…` : plain;
}
