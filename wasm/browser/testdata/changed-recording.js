// Changes what is packed of the last pixels of the recorded run, once it is known to be the file that it should be.
() => {
  const real = TextDecoder.prototype.decode;
  TextDecoder.prototype.decode = function (bytes, options) {
    const text = real.call(this, bytes, options);
    if (text.startsWith('{"recipe"')) new Uint8Array(bytes.buffer)[bytes.buffer.byteLength - 24] ^= 1;
    return text;
  };
}
