import type { PresetInfo, RequestInput, RunDetail } from '../../shared/api'
import { DataChoice, type Initialiser, Training } from '../../shared/configuration'
import { plainWords } from '../../shared/plain-words'
import type { Recipe } from '../../shared/recipes'
import { parsePresetWords } from './preset-words'

/** What the fields hold: text as it was typed, so that a half-written number is not an error of the program. */
export interface RunForm {
  name: string
  preset: string
  options: Record<string, string>
  dataset: string
  train: string
  test: string
  epochs: string
  steps: string
  batch: string
  rate: string
  milestones: string
  factor: string
  optimiser: Training['optimiser']
  momentum: string
  nesterov: boolean
  schedule: Training['schedule']
  warmup: string
  finalRate: string
  labelSmoothing: string
  clipNorm: string
  flip: boolean
  crop: string
  padding: 'zero' | 'reflect'
  recompute: string
  every: string
  weightDecay: string
  init: Initialiser
  /** `chosen`: the layers that the run had that the form was filled from. */
  projection: 'none' | 'transitions' | 'all' | 'chosen'
  method: 'svd' | 'newton-schulz'
  probability: string
  whitening: boolean
  threads: string
  device: string
  seed: string
  /** Norms of values, and of weights and updates, beside those of the gradient. */
  activations: boolean
  weights: boolean
  checkpointEvery: string
  evaluationEvery: string
  stopMeasure: Training['earlyStop']['measure']
  patience: string
  /** Settings that have no field here, of the run that the form was filled from. */
  rest: Partial<Training>
}

/** Messages by field. */
export type FormProblems = Partial<Record<keyof RunForm, string>>

/** The form with the defaults of the settings' own schema. */
export function emptyForm(): RunForm {
  return {
    name: '',
    preset: '',
    options: {},
    seed: '1',
    ...dataFields(DataChoice.parse({})),
    ...trainingFields(Training.parse({})),
  }
}

/** The settings of a run that exists, to start from. */
export function formOf(run: RunDetail): RunForm {
  const { preset, data, training, seed } = run.configuration
  return {
    ...emptyForm(),
    ...(preset ? parsePresetWords(preset) : {}),
    ...dataFields(data),
    ...trainingFields(training),
    seed: String(seed),
  } as RunForm
}

/** Sets what the preset's paper trains it with. */
export function applyRecommended(form: RunForm, { recommended }: PresetInfo): void {
  form.projection = recommended.projection
  form.whitening = recommended.whitening
  form.nesterov = recommended.nesterov
  form.init = recommended.init
}

/** Sets what was published; the machine's settings stay. */
export function applyRecipe(form: RunForm, recipe: Recipe): void {
  const { threads: _, device: __, ...fields } = trainingFields(Training.parse(recipe.training))
  Object.assign(form, fields)
}

/** The request of the form, or what is wrong with its fields. `network` is asked of the caller: words or a document. */
export function requestOf(
  form: RunForm,
  network: RequestInput<'runs.start'>['network'],
): { request: RequestInput<'runs.start'>; problems: null } | { request: null; problems: FormProblems } {
  const problems: FormProblems = {}
  const number = (field: keyof RunForm): number | undefined => {
    const text = String(form[field]).trim()
    if (text === '') return undefined
    const value = Number(text)
    if (Number.isNaN(value)) problems[field] = 'must be a number'
    return value
  }
  const milestones = form.milestones
    .split(/[,;\s]+/)
    .filter(Boolean)
    .map(Number)
  if (milestones.some(Number.isNaN)) problems.milestones = 'must be epochs, for example 150, 225'
  const data = present({ name: form.dataset, train: number('train'), test: number('test') })
  // A field that is empty is no setting, whatever the run had that the form was filled from.
  // Plain data: what is reactive cannot travel to the lab.
  const carried = JSON.parse(JSON.stringify(form.rest)) as Partial<Training>
  const { steps: _, clipNorm: __, threads: ___, ...rest } = carried
  const training = present({
    ...rest,
    epochs: number('epochs'),
    steps: number('steps'),
    batch: number('batch'),
    rate: number('rate'),
    schedule: form.schedule,
    milestones,
    factor: number('factor'),
    warmup: number('warmup'),
    finalRate: number('finalRate'),
    labelSmoothing: number('labelSmoothing'),
    clipNorm: number('clipNorm'),
    augmentation: present({ flip: form.flip, crop: number('crop'), padding: form.padding }),
    recompute: number('recompute'),
    measures: present({ ...rest.measures, every: number('every'), activations: form.activations, weights: form.weights }),
    checkpoint: present({ ...rest.checkpoint, every: number('checkpointEvery') }),
    evaluation: present({ ...rest.evaluation, every: number('evaluationEvery') }),
    earlyStop: present({ ...rest.earlyStop, measure: form.stopMeasure, patience: number('patience') }),
    device: form.device.trim() || 'auto',
    optimiser: form.optimiser,
    momentum: number('momentum'),
    nesterov: form.nesterov,
    weightDecay: number('weightDecay'),
    init: form.init,
    projection: present({
      ...rest.projection,
      layers: form.projection === 'chosen' ? rest.projection?.layers : form.projection,
      method: form.method,
      probability: number('probability'),
    }),
    whitening: whiteningOf(form.whitening, rest.whitening),
    threads: number('threads'),
  })
  const seed = number('seed')
  if (seed !== undefined && !problems.seed && !(Number.isInteger(seed) && seed >= 0 && seed <= 0xffffffff)) {
    problems.seed = 'must be a whole number from 0 to 4294967295'
  }
  for (const result of [DataChoice.safeParse(data), Training.safeParse(training)]) {
    for (const issue of result.error?.issues ?? []) {
      const field =
        FIELDS[issue.path.join('.')] ??
        [...issue.path].reverse().find((key): key is keyof RunForm => String(key) in form) ??
        'epochs'
      problems[field] ??= plainWords(issue.message)
    }
  }
  if (Object.keys(problems).length) return { request: null, problems }
  const name = form.name.trim()
  const request = { ...(name ? { name } : {}), network, data, training, ...(seed === undefined ? {} : { seed }) }
  return { request: request as RequestInput<'runs.start'>, problems: null }
}

/** Fields whose setting's last word is another field's name. */
const FIELDS: Readonly<Record<string, keyof RunForm>> = {
  'checkpoint.every': 'checkpointEvery',
  'evaluation.every': 'evaluationEvery',
}

/** Whitening as it was where it stays on, so that its times are kept. */
function whiteningOf(isOn: boolean, before: Training['whitening'] | undefined): Training['whitening'] | boolean {
  return isOn && before && before.layers !== 'none' ? before : isOn
}

function dataFields({ name, train, test }: DataChoice): Pick<RunForm, 'dataset' | 'train' | 'test'> {
  return { dataset: name, train: text(train), test: text(test) }
}

function trainingFields(
  training: Training,
): Omit<RunForm, 'name' | 'preset' | 'options' | 'dataset' | 'train' | 'test' | 'seed'> {
  const { projection } = training
  return {
    epochs: text(training.epochs),
    steps: text(training.steps),
    batch: text(training.batch),
    rate: text(training.rate),
    milestones: training.milestones.join(', '),
    factor: text(training.factor),
    optimiser: training.optimiser,
    momentum: text(training.momentum),
    schedule: training.schedule,
    warmup: text(training.warmup),
    finalRate: text(training.finalRate),
    labelSmoothing: text(training.labelSmoothing),
    clipNorm: text(training.clipNorm),
    flip: training.augmentation.flip,
    crop: text(training.augmentation.crop),
    padding: training.augmentation.padding,
    recompute: text(training.recompute),
    every: text(training.measures.every),
    activations: training.measures.activations,
    weights: training.measures.weights,
    checkpointEvery: text(training.checkpoint.every),
    evaluationEvery: text(training.evaluation.every),
    stopMeasure: training.earlyStop.measure,
    patience: text(training.earlyStop.patience),
    device: training.device,
    rest: training,
    nesterov: training.nesterov,
    weightDecay: text(training.weightDecay),
    init: training.init,
    projection: Array.isArray(projection.layers) ? 'chosen' : projection.layers,
    method: projection.method,
    probability: text(projection.probability),
    whitening: training.whitening.layers !== 'none',
    threads: text(training.threads),
  }
}

function text(value: number | undefined): string {
  return value === undefined ? '' : String(value)
}

function present<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}
