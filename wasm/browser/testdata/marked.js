// What is marked in an open menu, which this is, after whether the menu has the
// focus and the mark is in sight.
function () {
  const option = document.getElementById(this.getAttribute('aria-activedescendant'));
  const {top, bottom} = option.getBoundingClientRect();
  const seen = document.activeElement === this && top >= 0 && bottom <= innerHeight;
  return seen + ' ' + option.querySelector('.title').textContent;
}
