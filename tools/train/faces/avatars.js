// Draws avatars of DiceBear's style Pixel Art. It reads a line of JSON for each, [seed, options], and
// writes one, {svg, parts}: parts says of what the avatar is made.
import { createInterface } from 'node:readline';
import { createAvatar } from '@dicebear/core';
import * as pixelArt from '@dicebear/pixel-art';

let answers = [];
for await (const line of createInterface({ input: process.stdin })) {
  const [seed, options] = JSON.parse(line);
  const avatar = createAvatar(pixelArt, { ...options, seed });
  answers.push(JSON.stringify({ svg: avatar.toString(), parts: avatar.toJson().extra }));
  if (answers.length === 1000) {
    process.stdout.write(`${answers.join('\n')}\n`);
    answers = [];
  }
}
process.stdout.write(answers.map((answer) => `${answer}\n`).join(''));
