import { save, toPng } from '../../lab/save-file'
import { significant } from '../../ui/format'
import { pngSize, type Picture } from './picture'

/** Hands a picture out as SVG, or as PNG twice as fine. @returns a sentence where it had to be scaled down. */
export async function savePicture(picture: Picture, name: string, format: 'svg' | 'png'): Promise<string | null> {
  if (format === 'svg') {
    await save(`${name}.svg`, new Blob([picture.svg], { type: 'image/svg+xml' }))
    return null
  }
  const { width, height, scale } = pngSize(picture)
  await save(`${name}.png`, await toPng(picture.svg, width, height))
  return scale < 1
    ? `The picture is too large for an image and was scaled to ${significant(scale * 100, 2)} %; the SVG has all of it, or fold some blocks.`
    : null
}
