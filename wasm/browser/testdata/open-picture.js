// Gives the page a picture of 96 by 64 pixels as a person would: a black bar on
// white.
async (name, ...bar) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 96, height: 64 });
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, 96, 64);
  context.fillStyle = '#000';
  context.fillRect(...bar);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  const files = new DataTransfer();
  files.items.add(new File([blob], name, { type: 'image/png' }));
  const input = document.getElementById('forward-file');
  input.files = files.files;
  input.dispatchEvent(new Event('change'));
}
