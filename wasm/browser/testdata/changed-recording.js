// Changes a pixel of the first x_t in the recorded run from step 15 on, wherever
// it is read.
() => {
  const real = Response.prototype.arrayBuffer;
  Response.prototype.arrayBuffer = async function () {
    const bytes = await real.call(this);
    const text = new TextDecoder().decode(bytes.slice(4, 14));
    if (text.startsWith('{"recipe"')) new Uint8Array(bytes)[4 + new DataView(bytes).getUint32(0) + 20 * 77 + 14] ^= 1;
    return bytes;

  };
}
