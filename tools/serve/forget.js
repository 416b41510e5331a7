// In place of the page's service worker while the page is being changed: removes
// whatever one has kept here, and itself.
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => {
  const forget = async () => {
    for (const name of await caches.keys()) if (name.startsWith('tweedie ')) await caches.delete(name);
    await registration.unregister();
  };
  event.waitUntil(forget());
});
