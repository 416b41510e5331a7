// Takes something away that a browser need not have, or need not allow.
(what) => {
  const denied = () => { throw new DOMException('denied', 'SecurityError'); };
  const takes = {
    WebGL: () => {
      const { getContext } = HTMLCanvasElement.prototype;
      HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
        return kind.startsWith('webgl') ? null : getContext.call(this, kind, ...rest);
      };
    },
    WebAssembly: () => delete window.WebAssembly,
    workers: () => delete window.Worker,
    'module workers': () => {
      window.Worker = class extends Worker {
        constructor(script, options) {
          if (options?.type === 'module') throw new TypeError('no module workers');
          super(script, options);
        }
      };
    },
    'local storage': () => Object.defineProperty(window, 'localStorage', {get: denied}),
    storage: () => {
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) Object.defineProperty(window, name, {get: denied});
      Object.defineProperty(Document.prototype, 'cookie', {get: denied});
    },
    'a safe connection': () => Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined}),
    'a digest': () => {
      SubtleCrypto.prototype.digest = () => Promise.reject(new DOMException('no memory', 'OperationError'));
    },
    'a count of processors': () => Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', {get: () => undefined}),
    'service workers': () => Object.defineProperty(Navigator.prototype, 'serviceWorker', {get: () => undefined}),
  };
  takes[what]();
}
