// The grey pixels, 32 by 32, of a file.
async (name, base64) => {
  const { opened } = await import('/web/opened/opened.js');
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  return [...(await opened(new File([bytes], name), { channels: 1, height: 32, width: 32 })).pixels];
}
