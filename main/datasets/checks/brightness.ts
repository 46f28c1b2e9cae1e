/** Brightness of each pixel, 0–255: red, green and blue by their shares of ITU-R BT.601, other channels alike. */
export function brightnessOf(pixels: Uint8Array, channels: number, to: Float32Array): void {
  if (channels === 3)
    for (let i = 0, at = 0; i < to.length; i++, at += 3)
      to[i] = 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!
  else
    for (let i = 0; i < to.length; i++) {
      let sum = 0
      for (let channel = 0; channel < channels; channel++) sum += pixels[i * channels + channel]!
      to[i] = sum / channels
    }
}
