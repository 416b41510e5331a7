// The ids of elements that are not whole within the window, without scrolling.
(...ids) => {
  const {clientWidth, clientHeight} = document.documentElement;
  return ids.filter((id) => {
    const {top, left, right, bottom, height} = document.getElementById(id).getBoundingClientRect();
    return height === 0 || top < -1 || left < -1 || right > clientWidth + 1 || bottom > clientHeight + 1;
  });
}
