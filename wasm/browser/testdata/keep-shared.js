// Keeps what the page shares or copies.
() => {
  window.shared = [];
  navigator.share = async ({url}) => void shared.push(url);
  Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (text) => void shared.push(text)}});
}
