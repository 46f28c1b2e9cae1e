import type { Option, Parsed } from './arguments'

/** What is asked of a kernel of a file, whatever is done to it. */
export const tensor: Option = { name: 'tensor', value: 'NAME', description: 'the kernel: stem.conv.kernel' }
export const size: Option = { name: 'size', value: 'S', description: 'side of the convolution’s frequency grid, pixels' }

export const taps: readonly Option[] = [
  { name: 'groups', value: 'G', description: 'groups of channels that do not see each other (1)' },
  { name: 'dilation', value: 'D', description: 'pixels between the taps of the kernel (1)' },
]

/** What was said of them. */
export function tapsOf(words: Parsed): { groups?: number; dilation?: number } {
  const [groups, dilation] = [words.whole('groups', 1), words.whole('dilation', 1)]
  return { ...(groups !== undefined && { groups }), ...(dilation !== undefined && { dilation }) }
}
