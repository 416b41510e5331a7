// Presses the lab's Offline copy, and hands the file over to the host in place of a download.
() => {
  URL.createObjectURL = (blob) => {
    window.saved = fetch('saved', {method: 'POST', body: blob}).then((answer) => answer.ok);
    return 'data:,';
  };
  HTMLAnchorElement.prototype.click = () => {};
  document.getElementById('offline').click();
}
