/** Channels one after the other (CHW) made channels of each pixel (HWC). */
export function interleaved(planes: Uint8Array, height: number, width: number, channels: number): Uint8Array {
  const pixels = new Uint8Array(planes.length)
  const area = height * width
  for (let channel = 0; channel < channels; channel++)
    for (let i = 0; i < area; i++) pixels[i * channels + channel] = planes[channel * area + i]!
  return pixels
}
