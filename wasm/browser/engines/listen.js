// Keeps a document's errors. WebDriver has no word for them, and WebKit prints
// nothing of the private sessions that it drives, so those from before the
// document is loaded go unheard.
(() => {
  if (window.complaints) return;
  window.complaints = [];
  const { error } = console;
  console.error = (...words) => {
    complaints.push(words.join(' '));
    error.apply(console, words);
  };
  addEventListener('error', ({ message }) => complaints.push(message));
  addEventListener('unhandledrejection', ({ reason }) => complaints.push(String(reason)));
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    complaints.push(violatedDirective + ' ' + blockedURI);
  });
})()
