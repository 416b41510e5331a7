// What a person sees of the page, and what it has to be compared with.
() => {
  const by = (id) => document.getElementById(id);
  if (document.readyState === 'loading' || !window.walk) return {rests: false};
  const {dataset} = document.documentElement;
  const controls = {};
  for (const control of document.querySelectorAll('#controls [name], #classes [name]')) {
    if (control.closest('[hidden], #between, #own')) continue;
    if (control.type !== 'radio') controls[control.name] = control.value.trim();
    else if (control.checked) controls[control.name] = control.value;
  }
  const rested = performance.now() - walk.touched;
  return {
    state: dataset.state,
    paused: 'paused' in dataset,
    rests: walk.open.size === 0 && walk.due.size === 0 && walk.fetching === 0 && walk.told === location.hash && rested > 250,
    begun: walk.begun,
    ran: walk.ran,
    fragment: location.hash.slice(1),
    offering: 'offering' in dataset,
    // Another run, of another recipe, has begun beside the page's own or in its place.
    beside: by('compare').ariaPressed === 'true' || !by('forward-back').hidden,
    startable: by('start').ariaDisabled === 'false',
    walks: by('plane-pad').hasAttribute('data-walks'),
    stays: by('load-stay').checkVisibility(),
    retries: by('retry').checkVisibility(),
    cancels: by('cancel').checkVisibility(),
    invalid: document.querySelector('[aria-invalid]') !== null,
    dialog: document.querySelector('dialog[open]')?.id ?? '',
    status: by('status').textContent + by('trouble-text').textContent,
    controls,
  };
}
