import type { RunDetail } from '../api'
import { runNumber } from '../run-labels'
import { mainSettingsOf } from '../run-settings'
import { tellsStretch } from '../schedules/rate'

/** Words that all of them share. */
function shared<T>(values: readonly T[]): T | undefined {
  const [first] = values
  return first !== undefined && values.every((value) => value === first) ? first : undefined
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`

/** Nothing where the runs differ in it. A plain net's blocks are no residual ones. */
const blocksWords = ([count, another]: readonly number[], networks: number): string =>
  count === undefined || count === 0 || another !== undefined
    ? ''
    : `, of ${count} ${count === 1 ? 'block' : 'blocks'}${networks === 1 ? '' : ' each'},`

/** The paragraph on methods of a paper, from what the runs were trained with; what differs between them is said to differ. */
export function methodsOf(runs: readonly RunDetail[]): string {
  const networks = [...new Set(runs.map(({ configuration }) => configuration.preset ?? configuration.network.name))]
  const data = [...new Set(runs.map(({ dataset }) => dataset))]
  const blocks = [...new Set(runs.map(({ units }) => units.filter(({ kind }) => kind === 'block').length))]
  const labels = [...new Set(runs.flatMap(({ configuration }) => mainSettingsOf(configuration).map(([label]) => label)))]
  const told = labels.map((label) => {
    const texts = runs.map(
      ({ configuration }) => mainSettingsOf(configuration).find(([name]) => name === label)?.[1] ?? 'as usual',
    )
    const text = shared(texts)
    return { label, text }
  })
  const same = told.flatMap(({ label, text }) => (text === undefined ? [] : [`${label.toLowerCase()} ${text}`]))
  const differing = told.flatMap(({ label, text }) => (text === undefined ? [label.toLowerCase()] : []))
  const stretched = runs.flatMap(({ id, notices }) =>
    notices.flatMap(({ message }) => (tellsStretch(message) ? [`of ${runNumber(id)}, ${message}`] : [])),
  )
  const hasNotFinite = runs.some(({ measures }) => (measures.ratiosNotFinite ?? 0) > 0)
  const versions = Object.entries(runs[0]?.versions ?? {})
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
  return [
    `We trained ${networks.length === 1 ? networks[0] : `${networks.length} networks (${listed(networks.slice(0, 8))}${networks.length > 8 ? ', …' : ''})`}${blocksWords(blocks, networks.length)} on ${listed(data)}, in ${runs.length === 1 ? 'one run' : `${runs.length} runs`}.`,
    same.length > 0 ? `Settings: ${same.join('; ')}.` : '',
    differing.length > 0 ? `Between the runs differ: ${listed(differing)}.` : '',
    stretched.length > 0 ? `On the way: ${stretched.join('; ')}.` : '',
    'At each measured step, before its update, the Euclidean norm of the loss’s gradient with respect to the activations was taken at every boundary between two units; the ratio of a unit is the norm where it begins over the norm where it ends (Zaeemzadeh, Rahnavard and Shah, 2018), in training mode on the step’s own minibatch.',
    hasNotFinite ? 'Ratios that are not finite are left out of all means.' : '',
    `Measured with NormLab${versions === '' ? '' : ` (${versions})`}.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

/** The paper whose measure this is, and the program. @param version NormLab's. @param year Of the runs. */
export function bibtexOf(version: string, year: number): string {
  return `@article{zaeemzadeh2018norm,
  title   = {Norm-Preservation: Why Residual Networks Can Become Extremely Deep?},
  author  = {Zaeemzadeh, Alireza and Rahnavard, Nazanin and Shah, Mubarak},
  journal = {arXiv preprint arXiv:1805.07477},
  year    = {2018}
}

@software{normlab,
  title   = {NormLab: how well deep networks preserve the gradient's norm},
  author  = {{The NormLab developers}},
  version = {${version}},
  year    = {${year}}
}
`
}
