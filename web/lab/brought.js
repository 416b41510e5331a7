// A picture that a person drops, pastes or chooses, for the canvas: which file is meant, and its
// greys. What becomes of them the lab's program says.

import { Trouble } from '../load/loader.js';

/**
 * The one file that fell on the page, nothing where none did.
 * @param {Pick<DataTransfer, 'types' | 'files' | 'items'>} fallen
 * @returns {File | undefined}
 * @throws {Trouble}
 */
export function fallenFile({ types, files, items }) {
  if (!types.includes('Files')) {
    // A picture of another page comes without a file in most browsers.
    if (types.includes('text/uri-list') || types.includes('text/html')) throw new Trouble('brush.elsewhere');
    return undefined;
  }
  if ([...items].some((item) => item.kind === 'file' && item.webkitGetAsEntry?.()?.isDirectory)) throw new Trouble('brush.folder');
  if (files.length !== 1) throw new Trouble('brush.many', { n: files.length });
  return files[0];
}

/**
 * The greys of a picture, as it is: its middle in the size of the canvas.
 * @param {File} file @param {number} side of the canvas
 * @returns {Promise<Uint8Array>}
 * @throws {Trouble}
 */
export async function greysOf(file, side) {
  const { opened } = await import('../opened/opened.js');
  const picture = await opened(file, { channels: 1, height: side, width: side });
  if (!picture) throw new Trouble('brush.unreadable', { file: file.name });
  return picture.inverted ? picture.pixels.map((v) => 255 - v) : picture.pixels;
}
