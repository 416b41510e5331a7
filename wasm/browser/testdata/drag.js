// Drags something of some types over an element and lets it fall there: whether
// the page keeps the browser from acting on either.
(id, types) => {
  const dataTransfer = new DataTransfer();
  for (const type of types) {
    if (type === 'Files') dataTransfer.items.add(new File(['GIF89a'], 'other.gif', { type: 'image/gif' }));
    else dataTransfer.setData(type, type === 'text/html' ? '<img src="https://example.org/other.gif">' : 'https://example.org/other.gif');
  }
  return ['dragover', 'drop'].map((type) => {
    const event = new DragEvent(type, { bubbles: true, cancelable: true, composed: true, dataTransfer });
    document.getElementById(id).dispatchEvent(event);
    return event.defaultPrevented;
  });
}
