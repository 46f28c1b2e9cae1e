import { z } from 'zod'
import { alarms } from './alarms'
import { batch } from './batch'
import { checkpoint } from './checkpoint'
import { clip } from './clip'
import { data } from './data'
import { depth } from './depth'
import { earlyStop } from './early-stop'
import { evaluation } from './evaluation'
import { groupsOfParameters } from './groups-of-parameters'
import { augmentation, standardisation } from './images'
import { biasDeviation, init, lsuv, zeroGamma } from './initialiser'
import { epochs, steps } from './length'
import { device, place, processes, recompute, seed, threads } from './machine'
import { measures } from './measures'
import { muon } from './muon'
import { beta1, beta2, epsilon, momentum, nesterov, optimiser, rate } from './optimiser'
import { orthogonality } from './orthogonality'
import { projection } from './projection'
import { clipNorm, clipValue, labelSmoothing, weightDecay } from './regularisation'
import { factor, finalRate, horizon, milestones, peakAt, schedule, scheduleForm, warmup } from './schedule'
import { type Family, type Fields, type Setting, isFamily, shapeOf } from './setting'
import { soap } from './soap'
import { spectra } from './spectra'
import { whitening } from './whitening'

/** Every setting that decides a training's numbers, under its name in the configuration. To add one: its file, and its line here. */
const training = {
  ...{ epochs, steps, batch },
  ...{ optimiser, rate, momentum, nesterov, beta1, beta2, epsilon, muon, soap, depth, weightDecay, groups: groupsOfParameters },
  ...{ schedule, milestones, factor, warmup, finalRate, peakAt, horizon, scheduleForm },
  ...{ labelSmoothing, orthogonality, clipNorm, clipValue, augmentation, standardisation },
  ...{ init, biasDeviation, lsuv, zeroGamma, projection, whitening, clip },
  ...{ evaluation, earlyStop, measures, spectra, alarms, checkpoint },
}

/** Where and with what of a machine a run is trained. None of it is meant to change what comes out. */
const execution = { recompute, device, threads, processes }

export const schemas = {
  data: data.schema,
  training: z.strictObject(shapeOf(training)),
  execution: z.strictObject({ ...shapeOf(execution), place }),
  seed: seed.schema,
}

/** A setting with its path in a run's configuration: `training.projection.method`. */
export interface PlacedSetting extends Setting {
  readonly path: string
}

/** Every setting, in the order of the configuration. */
export const settings: readonly PlacedSetting[] = [
  ...placed(data.fields, 'data'),
  ...placed(training, 'training'),
  ...placed(execution, 'execution'),
  { ...seed, path: 'seed' },
]

function placed(fields: Fields, path: string): PlacedSetting[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    isFamily(field) ? placed(field.fields, `${path}.${name}`) : [{ ...field, path: `${path}.${name}` }],
  )
}

const byPath = new Map(settings.map((setting) => [setting.path, setting]))

/** The setting of a path; undefined for a path that is none's. */
export function settingAt(path: string): PlacedSetting | undefined {
  return byPath.get(path)
}

/** Objects of settings, `training.projection`, by their paths. */
export const families: ReadonlyMap<string, Family> = new Map(
  Object.entries(training as Fields).flatMap(([name, field]) => (isFamily(field) ? [[`training.${name}`, field] as const] : [])),
)
