import type { PresetInfo } from '../../api'
import { densenet, densenetBc } from './densenet'
import { isometric } from './isometric'
import { normfreeResnet } from './normfree-resnet'
import { plain } from './plain'
import { preactResnet } from './preact-resnet'
import type { Preset } from './preset'
import { procResnet, procResnetV1 } from './proc-resnet'
import { residualMlp } from './residual-mlp'
import { resnet } from './resnet'
import { resnext } from './resnext'
import { seResnet } from './se-resnet'
import { vit } from './vit'
import { wideResnet } from './wide-resnet'

export const presets: readonly Preset[] = [
  procResnet,
  procResnetV1,
  preactResnet,
  resnet,
  plain,
  isometric,
  normfreeResnet,
  wideResnet,
  resnext,
  seResnet,
  densenet,
  densenetBc,
  residualMlp,
  vit,
]

const common = [
  { name: 'input', description: 'height, width and channels of the images', default: '32x32x3' },
  { name: 'classes', description: 'classes', default: '10' },
]

/** The presets as front ends show them. */
export function listPresets(): PresetInfo[] {
  return presets.map(({ name, title, description, example, options, depth, recommended }) => ({
    name,
    title,
    description,
    example,
    options: [
      ...options.map((option) => ({ name: option.name, description: option.description, default: option.default })),
      ...common,
    ],
    ...(depth && { depth: `${depth.perBlock}n+${depth.constant}` }),
    recommended,
  }))
}
