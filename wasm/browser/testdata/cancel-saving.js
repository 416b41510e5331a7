// Cancels once saving has got anywhere.
() => {
  const watch = new MutationObserver(() => {
    watch.disconnect();
    document.getElementById('save-cancel').click();
  });
  watch.observe(document.getElementById('save-bar'), {attributes: true, attributeFilter: ['value']});
}
