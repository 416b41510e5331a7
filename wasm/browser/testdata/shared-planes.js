// How long some planes of a step's two pictures are, 0 for one with bytes of its
// own, and how long the bytes of the step are.
([a, b]) =>
  [a.xt, a.change, b.x0].map(({ buffer, length }) => (buffer === a.xt.buffer ? length : 0)).concat(a.xt.buffer.byteLength)
