// What is selected and looks like what is not, of the controls that can be seen.
() => {
  const look = (control) => {
    const {backgroundColor, color} = getComputedStyle(control.matches('input') ? control.nextElementSibling : control);
    return `${backgroundColor} ${color}`;
  };
  const kinds = [
    ['[role=tab][aria-selected=true]', '[role=tab][aria-selected=false]'],
    ['.toggle[aria-pressed=true]', '.toggle[aria-pressed=false]'],
    ['.chip input:checked', '.chip input:not(:checked)'],
  ];
  return kinds.flatMap(([selected, other]) =>
    [...document.querySelectorAll(selected)]
      .filter((control) => control.checkVisibility())
      .filter((control) => [...document.querySelectorAll(other)].some((one) => look(one) === look(control)))
      .map((control) => control.id || control.name),
  );
}
