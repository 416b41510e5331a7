// What the stage, the viewer and the workers may keep. It stands alone, so that
// the engine needs nothing of the page.

export const limits = {
  /** Bytes that all films of a stage may keep; the viewer and the workers, which are told, keep to as many. */
  memory: 32 << 20,
  /** Seconds without a byte, or a word of the sampler, after which a person hears of it. */
  quiet: 10,
};
