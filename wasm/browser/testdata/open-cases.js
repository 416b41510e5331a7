// Opens the pictures of web/opened/testdata, which the host has at cases, and says
// what is not as it is there.
async () => {
  const { opened } = await import('/web/opened/opened.js');
  const { Cases, Broken } = await (await fetch('/cases')).json();
  const file = (base64) => new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], 'picture.png');
  const wrong = [];
  for (const { Name, File, Shape, Image, Inverted } of Cases) {
    try {
      const { pixels, inverted } = await opened(file(File), { channels: Shape.Channels, height: Shape.Height, width: Shape.Width });
      const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', pixels), 0, 8);
      const image = Array.from(sum, (v) => v.toString(16).padStart(2, '0')).join('');
      if (image !== Image || inverted !== Inverted) wrong.push(`${Name}: image=${image}, inverted ${inverted}; want ${Image}, ${Inverted}`);
    } catch (error) {
      wrong.push(`${Name}: ${error}`);
    }
  }
  for (const [i, broken] of Broken.entries()) {
    const key = await opened(file(broken), { channels: 1, height: 8, width: 8 }).then(() => 'opened', ({ key }) => key);
    if (key !== 'opened.damaged') wrong.push(`broken picture ${i}: ${key}`);
  }
  if (Cases.length < 90 || Broken.length < 10) wrong.push(`${Cases.length} and ${Broken.length} cases`);
  return wrong;
}
