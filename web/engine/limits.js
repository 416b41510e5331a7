// What the stage, the viewer and the workers may keep. It stands alone, so that
// the engine needs nothing of the page.

/** Bytes that all films of a stage may keep; the viewer and the workers, which are told, keep to as many. */
export const limits = { memory: 32 << 20 };
