import { limitBursts } from './bursts'

/** An SVG as the bytes of a PNG, twice as fine. */
export async function toPng(svg: string, width: number, height: number): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    await new Promise((resolve, reject) => {
      image.onload = resolve
      image.onerror = () => reject(new Error('the chart could not be drawn as an image'))
      image.src = address
    })
    const canvas = document.createElement('canvas')
    canvas.width = width * 2
    canvas.height = height * 2
    const context = canvas.getContext('2d')!
    context.scale(2, 2)
    context.drawImage(image, 0, 0, width, height)
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the image could not be made'))), 'image/png'),
    )
  } finally {
    URL.revokeObjectURL(address)
  }
}

/**
 * Chromium begins ten downloads of a page within a second, and drops each further one without a word to the page
 * (`LocalFrame::ShouldThrottleDownload`). The tenth of a second is for its clock, which starts a little after ours.
 */
const turn = limitBursts(10, 1100)

/** Hands a file to the browser, or to the app, which asks where it shall go; after ten within a second it waits. */
export async function save(name: string, content: Blob): Promise<void> {
  await turn()
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name.replace(/[\\/:*?"<>|]+/g, ' ').trim()
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
