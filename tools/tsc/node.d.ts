// What the scripts' tests use of Node. All of @types/node would change the types
// of what browsers have under the same names, such as setTimeout.

declare module 'node:test' {
  export const mock: { timers: { enable(options: { apis: string[] }): void; reset(): void; tick(ms: number): void } };
  type Act = () => void | Promise<void>;
  export function test(name: string, act: Act): void;
  export function beforeEach(act: Act): void;
  export function afterEach(act: Act): void;
}

declare module 'node:assert/strict' {
  interface Assert {
    ok(value: unknown, message?: string): asserts value;
    equal<T>(actual: unknown, expected: T, message?: string): asserts actual is T;
    notEqual(actual: unknown, expected: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
    match(text: string, form: RegExp, message?: string): void;
    throws(act: () => unknown, error?: object): void;
    rejects(act: Promise<unknown> | (() => Promise<unknown>), error?: object): Promise<void>;
    fail(message?: string): never;
  }
  const assert: Assert;
  export default assert;
}

declare module 'node:fs' {
  export function readFileSync(path: string | URL): Uint8Array<ArrayBuffer>;
  export function readFileSync(path: string | URL, encoding: 'utf8'): string;
  export function readdirSync(path: string | URL, options?: { recursive?: boolean }): string[];
}

declare module 'node:path' {
  interface Posix {
    join(...parts: string[]): string;
    dirname(path: string): string;
  }
  const path: { sep: string; posix: Posix };
  export default path;
}

declare module 'node:zlib' {
  export function gzipSync(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
  export function gunzipSync(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
}

declare module 'node:vm' {
  export function runInNewContext(code: string, context: object): unknown;
}
