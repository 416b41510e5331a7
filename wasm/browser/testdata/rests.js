// Whether an embed has told of no step for a while: it has to be asked again and
// again.
(id) => {
  const {length} = of(id, 'step');
  window.same = window.last === length ? (window.same ?? 0) + 1 : 0;
  window.last = length;
  return same > 25;
}
