// Runs the tests of a Go package, compiled for WebAssembly, and returns what they print. Their only
// file is `text`, whatever its name.
async (binary, loader, name, text) => {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  let [said, at, code] = ['', 0, 0];
  const missing = () => Object.assign(new Error('there is no such call'), { code: 'ENOSYS' });
  const print = (part) => {
    said += decoder.decode(part, { stream: true });
    return part.length;
  };
  const stat = { dev: 0, ino: 0, mode: 0o100644, nlink: 1, uid: 0, gid: 0, rdev: 0, size: bytes.length, blksize: 512, blocks: 1, atimeMs: 0, mtimeMs: 0, ctimeMs: 0, isDirectory: () => false };
  const fs = {
    constants: { O_WRONLY: -1, O_RDWR: -1, O_CREAT: -1, O_TRUNC: -1, O_APPEND: -1, O_EXCL: -1, O_DIRECTORY: -1 },
    writeSync: (_, part) => print(part),
    write: (_, part, offset, length, __, done) => done(null, print(part.subarray(offset, offset + length))),
    open: (_, __, ___, done) => done(null, (at = 0) + 3),
    fstat: (_, done) => done(null, stat),
    read: (_, into, offset, length, __, done) => {
      const part = bytes.subarray(at, at + length);
      into.set(part, offset);
      at += part.length;
      done(null, part.length);
    },
    close: (_, done) => done(null),
  };
  globalThis.fs = new Proxy(fs, { get: (calls, call) => calls[call] ?? ((...args) => args.at(-1)(missing())) });
  await new Promise((loaded, failed) => {
    const script = Object.assign(document.createElement('script'), { src: loader, onload: loaded, onerror: failed });
    document.head.append(script);
  });
  const go = new Go();
  go.argv = ['test', `-test.run=^${name}$`, '-test.v'];
  go.env = { TWEEDIE_KERNELS: 'simd' };
  go.exit = (of) => (code = of);
  const { instance } = await WebAssembly.instantiate(await (await fetch(binary)).arrayBuffer(), go.importObject);
  await go.run(instance);
  return `${said}exit ${code}`;
}
