// English. index.html holds the same sentences, for readers without scripts; a
// test compares them.

export default {
  'page.title': 'Tweedie: watch a diffusion model draw',
  'page.tagline': 'A diffusion model draws in your browser, one step at a time.',
  'page.language': 'Language',

  'stage.title': 'Stage',
  'stage.xt': '{xt} noisy picture',
  'stage.x0': '{x0} network’s guess',
  'stage.strip': '{x0} at every step',
  'stage.strip.first': '{x0} of the first picture at every step',
  'stage.viewer': 'Pictures drawn by the graphics card',
  'stage.alt.empty': 'Two empty frames: the noisy picture, and what the network sees in it.',
  'stage.alt.one': 'Step {step} of {steps}. Left: the noisy picture. Right: what the network sees in it. Class: {class}.',
  'stage.alt.many':
    'Step {step} of {steps}. First: {images} noisy pictures. Second: what the network sees in them. Class: {class}.',

  'load.sampler': 'Sampler',
  'load.weights': 'Weights',
  'load.waiting': 'waiting',
  'load.some': '{done}',
  'load.part': '{done} of {total}',
  'load.all': '{total}',
  'load.cached': '{total}, from the cache',
  'load.retry': 'Try again',

  'run.start': 'Start',
  'run.pause': 'Pause',
  'run.resume': 'Resume',
  'run.step': 'Step',
  'run.cancel': 'Cancel',
  'run.progress': 'Steps done',
  'run.transport': 'Run',

  'readout.step': 'step {step} of {steps}',
  'readout.ms': '{ms} ms per step',
  'readout.t': 't = {t}',

  'status.loading': 'Loading the sampler and the network.',
  'status.ready': 'Ready.',
  'status.paused': 'Paused at step {step} of {steps}.',
  'status.cancelled': 'Cancelled at step {step} of {steps}.',
  'status.done': 'Done in {time}. Fingerprint of the pixels: {hash}.',
  'status.identical': 'Done in {time}. The pixels are identical to the ones this link was made from ({hash}).',
  'status.differs': 'Done in {time}, but the pixels ({hash}) differ from the ones this link was made from ({expected}).',
  'status.respawned': 'Cancelled. The sampler did not answer, so it was started again.',

  'controls.title': 'Recipe',
  'controls.class': 'Class',
  'controls.class.none': 'None',
  'controls.class.all': 'One of each',
  'controls.seed': 'Seed',
  'controls.seed.hint': 'The same seed starts from the same noise.',
  'controls.dice': 'Another seed',
  'controls.images': 'Pictures',
  'controls.images.all': 'The classes take turns.',
  'controls.steps': 'Steps',
  'controls.steps.hint': 'From 1 to {max}.',
  'controls.sampler': 'Sampler',
  'controls.sampler.hint': '{description}',
  'controls.guidance': 'Guidance',
  'controls.guidance.number': 'Guidance, as a number',
  'controls.guidance.hint': '0 ignores the class, 1 uses it as it was learned, more insists on it: clearer, but less varied.',
  'controls.guidance.none': 'Without a class there is nothing to insist on.',
  'controls.model': '{title}: {parameters} parameters, {size}.',

  'error.worker': 'The sampler could not be started. Check that all files of this page are there, or reload it.',
  'error.sampler': 'The sampler could not be started: {detail}.',
  'error.program': 'Your browser could not compile the sampler ({detail}). A newer one can.',
  'error.crash': 'The sampler stopped unexpectedly and was started again. Fewer pictures need less memory.',
  'error.network': '{file} could not be downloaded. Check the connection and try again.',
  'error.missing': '{file} is missing: the server answered {status}.',
  'error.weights': 'The network cannot be used: {detail}.',
  'error.recipe': 'This recipe cannot be run: {detail}.',
  'error.run': 'The run ended early: {detail}.',
  'error.value': 'This cannot be used: {detail}.',
  'status.running': 'Drawing.',
  'status.progress': 'Step {step} of {steps}.',

  'lesson.title': 'What you are watching',
  'lesson.intro':
    'The run begins with noise and nothing else. At every step a small network looks at the noisy picture and estimates the noise in it; without that noise, what remains is the clean picture the network believes in. The sampler goes a little way towards it and asks again.',
  'lesson.xt.title': '{xt}, what the sampler holds',
  'lesson.xt.text':
    'A picture and Gaussian noise, mixed: {mix}. At first {abar} is almost 0 and only noise is left; at the end it is almost 1 and the noise is gone.',
  'lesson.x0.title': '{x0}, what the network sees in it',
  'lesson.x0.text':
    'The average of all clean pictures that could have become {xt}, each counted by how probable it is. Early on very many could, so it is a blur; with less noise fewer remain, and it sharpens.',
  'lesson.tweedie.title': 'Tweedie’s formula',
  'lesson.tweedie.text':
    'The average needs no list of pictures. It is the noisy picture, moved along the score {score}, the direction in which noisy pictures become more probable, and scaled back:',
  'lesson.tweedie.noise':
    'The score is the estimated noise up to a factor, {scoreeps}. So an estimate of the noise, of the score and of the clean picture are one and the same estimate.',
  'lesson.guidance.title': 'Guidance',
  'lesson.guidance.text':
    'The network is asked with the class and without it. The guidance {g} goes from the one answer towards the other, and past it when {g} is more than 1: {cfg}.',
  'lesson.here.title': 'Where it runs',
  'lesson.here.text':
    'Here, on your processor. The network and the sampler are written in Go and compiled to WebAssembly; nothing you do leaves this page. One recipe gives the same pixels, bit for bit, on every machine, and the address of this page always holds the recipe of what you see.',
  'page.noscript': 'This page computes its pictures itself, with JavaScript and WebAssembly. Please allow scripts to watch it draw.',

  'unit.mb': '{n} MB',
  'unit.s': '{n} s',
};
