// Pastes a file that is called a PNG.
(name, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([text], name, { type: 'image/png' }));
  document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}
