// Whether what is on the stage is measured; if nothing is under way it begins.
() => {
  const idle = document.getElementById('bound-pause').ariaDisabled === 'true';
  if (idle && document.getElementById('bound-result').hidden) document.getElementById('bound-measure').click();
  return document.getElementById('bound-said').textContent.startsWith('Done');
}
