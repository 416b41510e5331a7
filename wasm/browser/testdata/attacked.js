// Whether text from outside has run, or has become part of the page.
() => {
  const runs = ({name, value}) => /^on/i.test(name) || /javascript:/i.test(value);
  const forged = (e) => [...e.attributes].some(runs) || (e.localName === 'img' && e.getAttribute('src') === 'x');
  return window.attacked !== undefined || [...document.querySelectorAll('*')].some(forged);
}
