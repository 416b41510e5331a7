// What the page uses of wasm_exec.js, the loader that comes with Go.

/** One run of a Go program. */
declare class Go {
  readonly importObject: WebAssembly.Imports;
  /** Called when the program ends, with its exit code. */
  exit: (code: number) => void;
  /** Starts the program; resolves when it has ended. */
  run(instance: WebAssembly.Instance): Promise<void>;
}
