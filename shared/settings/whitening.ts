import { z } from 'zod'
import { Pattern, repairTimes } from './family'
import { layersText } from './layers-text'
import { setting, shapeOf } from './setting'

const layers = setting({
  label: 'Whitening',
  says: 'Dense kernels that are whitened before each forward pass: all, or those whose names fit a pattern',
  group: 'repairs',
  schema: z.union([z.enum(['none', 'all']), z.array(Pattern).min(1).max(1000)]).default('none'),
  words: { none: 'None', all: 'All dense layers' },
  text: layersText(['none', 'all'], 'head.*'),
  fullPathOnly: true,
  option: {
    name: 'whiten',
    value: null,
    says: 'whiten the fully-connected kernel before each forward pass',
    read: () => ({ 'training.whitening.layers': 'all' }),
    write: (of) => (of('training.whitening.layers') === 'all' ? '' : undefined),
  },
})

const fields = {
  layers,
  ...repairTimes({ what: 'Whitening', path: 'training.whitening.layers', group: 'repairs', fullPathOnly: true }),
}

export interface WhiteningSettings {
  layers: 'none' | 'all' | string[]
  atStart: boolean
  every: number
  probability: number
}

/** Replaces dense kernels by their zero-phase whitening. True stands for all dense layers, false for none. */
const schema = z.preprocess(
  (value) => (typeof value === 'boolean' ? { layers: value ? 'all' : 'none' } : value),
  z.strictObject(shapeOf(fields)),
) as unknown as z.ZodType<WhiteningSettings, boolean | Partial<WhiteningSettings> | undefined>

export const whitening = { fields, schema: schema.prefault({}), isSwitch: true }
