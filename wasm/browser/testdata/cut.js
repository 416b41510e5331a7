// What of a dialog reaches out of it at a side.
(id) => {
  const dialog = document.getElementById(id);
  const {left, right} = dialog.getBoundingClientRect();
  return [...dialog.querySelectorAll('*')]
    .filter((e) => {
      const box = e.getBoundingClientRect();
      return e.checkVisibility() && !e.closest('.unseen') && box.width > 0 && (box.left < left - 1 || box.right > right + 1);
    })
    .map((e) => e.id || e.textContent);
}
