// Chooses the option of a menu that begins with a text, as a person would.
(beginning) =>
  function () {
    const found = [...this.options].find((o) => o.text.startsWith(beginning));
    if (found.value === this.value) return '';
    this.value = found.value;
    this.dispatchEvent(new Event('input', { bubbles: true }));
    this.dispatchEvent(new Event('change', { bubbles: true }));
    return '';
  }
