// Gives the page a file as a person would who opens a picture.
(name, base64) => {
  const files = new DataTransfer();
  files.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
  const input = document.getElementById('forward-file');
  input.files = files.files;
  input.dispatchEvent(new Event('change'));
}
