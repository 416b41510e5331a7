// Keeps the files that the page offers to save, in base64.
() => {
  window.saved = [];
  const create = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    saved.push(new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
      reader.readAsDataURL(blob);
    }));
    return create.call(URL, blob);
  };
}
