console.log('quiet');
window.loudly = () => {
  console.error('loud');
  setTimeout(() => { throw new Error('thrown'); });
};
setTimeout(() => (window.later = true), 50);
