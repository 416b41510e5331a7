// What tests read of the folders testdata.

import { readFileSync } from 'node:fs';

/**
 * The cases that Go wrote beside a test.
 * @param {string} name @param {string} test import.meta.url of the test
 * @returns {any}
 */
export function golden(name, test) {
  return JSON.parse(readFileSync(new URL(`testdata/${name}`, test), 'utf8'));
}

/** Bytes that Go wrote in base64. @param {string} base64 */
export function unbase64(base64) {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

/** The first 16 hexadecimal digits of the SHA-256, as recipes name pixels. @param {Uint8Array<ArrayBuffer>} bytes */
export async function hashOf(bytes) {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...sum.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
