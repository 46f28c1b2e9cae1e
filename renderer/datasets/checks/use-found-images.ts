import type { PackedImages } from '../../../shared/api'
import type { ImageRef } from '../../../shared/datasets/checks'
import { useLab } from '../../lab/lab-injection'
import { useAnswer } from '../../lab/use-latest'

/** Where an image that was asked for lies. */
export interface PlacedImage {
  readonly images: PackedImages
  readonly at: number
}

const keyOf = ({ split, index }: Pick<ImageRef, 'split' | 'index'>): string => `${split}/${index}`

/** The pixels of some hundred images of any splits. */
export function useFoundImages(name: string, refs: () => readonly ImageRef[]) {
  const { lab } = useLab()
  const { value, error } = useAnswer(
    () => {
      const bySplit: Record<string, number[]> = {}
      for (const { split, index } of refs()) (bySplit[split] ??= []).push(index)
      return Object.keys(bySplit).length > 0 ? JSON.stringify(bySplit) : null
    },
    async (key) => {
      const found = new Map<string, PlacedImage>()
      for (const [split, all] of Object.entries(JSON.parse(key) as Record<string, number[]>)) {
        const indices = [...new Set(all)]
        const images = await lab.request('datasets.images', { name, split, indices, side: 128 })
        indices.forEach((index, at) => found.set(keyOf({ split, index }), { images, at }))
      }
      return found
    },
  )
  return { error, imageOf: (ref: ImageRef): PlacedImage | null => value.value?.get(keyOf(ref)) ?? null }
}
