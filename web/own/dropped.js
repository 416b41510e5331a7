// What fell on the page, or was chosen: files with their paths, also those in
// folders.

/** @import { Fallen } from './own.js' */
import { Trouble } from '../load/loader.js';

/** More files and folders than these are no model's. */
export const most = 4000;
/** Folders in folders. */
export const deepest = 8;

/** @typedef {{path: string, file: File}} Found a file by its path, with slashes */

/**
 * The files of what fell, in the order of their paths. Hidden ones are passed over.
 * @param {Fallen[]} fallen
 * @returns {Promise<Found[]>}
 * @throws {Trouble}
 */
export async function found(fallen) {
  /** @type {Found[]} */
  const all = [];
  let seen = 0;
  /** @param {Fallen} each @param {string} above @param {number} depth */
  const take = async (each, above, depth) => {
    if (each.name.startsWith('.')) return;
    if (++seen > most) throw new Trouble('own.many', { most });
    const path = above + each.name;
    if (each instanceof File) all.push({ path, file: each });
    else if (each.isFile) all.push({ path, file: await fileOf(/** @type {FileSystemFileEntry} */ (each)) });
    else {
      if (depth === deepest) throw new Trouble('own.deep', { most: deepest });
      for (const child of await children(/** @type {FileSystemDirectoryEntry} */ (each))) await take(child, `${path}/`, depth + 1);
    }
  };
  for (const each of fallen) await take(each, '', 0);
  return checked(all);
}

/**
 * The files of a field that chooses files, or a folder.
 * @param {ArrayLike<File>} files
 * @returns {Promise<Found[]>}
 * @throws {Trouble}
 */
export async function chosen(files) {
  const all = Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }));
  const seen = all.filter(({ path }) => !path.split('/').some((part) => part.startsWith('.')));
  if (seen.length > most) throw new Trouble('own.many', { most });
  if (seen.some(({ path }) => path.split('/').length > deepest + 1)) throw new Trouble('own.deep', { most: deepest });
  return checked(seen);
}

/** @param {Found[]} all */
async function checked(all) {
  if (all.length === 0) throw new Trouble('own.empty');
  for (const { file } of all) await readable(file);
  return all.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * A file that was moved away is found out by reading it.
 * @param {File} file @throws {Trouble}
 */
export async function readable(file) {
  await file.slice(0, 1).arrayBuffer().catch(() => lost(file.name));
}

/** @param {string} file @returns {never} */
export function lost(file) {
  throw new Trouble('own.lost', { file });
}

/** @param {FileSystemFileEntry} entry @returns {Promise<File>} */
function fileOf(entry) {
  return new Promise((resolve, reject) => entry.file(resolve, reject)).catch(() => lost(entry.name));
}

/** @param {FileSystemDirectoryEntry} entry @returns {Promise<FileSystemEntry[]>} */
async function children(entry) {
  const reader = entry.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  for (;;) {
    // Browsers give a hundred at a time.
    const some = await new Promise((/** @type {(entries: FileSystemEntry[]) => void} */ resolve, reject) => reader.readEntries(resolve, reject)).catch(() => lost(entry.name));
    if (some.length === 0) return all;
    all.push(...some);
    if (all.length > most) throw new Trouble('own.many', { most });
  }
}
