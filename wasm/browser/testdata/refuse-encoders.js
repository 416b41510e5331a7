// Makes the browser say that it has no encoder for the codecs whose names begin
// with self.refused.
() => {
  if (!self.VideoEncoder) return;
  const ask = VideoEncoder.isConfigSupported;
  VideoEncoder.isConfigSupported = async (config) =>
    config.codec.startsWith(self.refused) ? {supported: false} : ask.call(VideoEncoder, config);
}
