// Waits until something holds.
(holds) =>
  new Promise((resolve) => {
    const look = () => (holds() ? resolve(0) : setTimeout(look, 20));
    look();
  })
