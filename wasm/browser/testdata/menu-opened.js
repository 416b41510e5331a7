// Whether the menu of models is open, with its pictures; if not, it is opened.
() => {
  const list = document.getElementById('models-list');
  if (list.hidden) return document.getElementById('models').click();
  return [...list.querySelectorAll('img')].every((img) => img.naturalWidth > 0);
}
