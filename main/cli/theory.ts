import path from 'node:path'
import type { DepthAnswer, TheoryAnswer } from '../../shared/api'
import { type CsvContent, csvText } from '../../shared/csv'
import { lawWords, type PowerLaw } from '../../shared/experiments/power-law'
import { shortestSingle } from '../../shared/float32'
import { runNumber } from '../../shared/run-labels'
import { writeFile } from '../files/write-file'
import { wholeNumber } from './arguments'
import { type Command, jsonLine } from './command'
import { finishJob } from './follow-job'
import { figure, table } from '../text/format'
import { spectrumFields } from './unit-spectrum'

const out = { name: 'out', value: 'FILE.csv' } as const

/** Theory against measurement of a run, unit by unit. */
const theory: Command = {
  words: 'theory',
  description: 'of a run, unit by unit: the bound, the extremes of the Jacobian, and the ratio that training measured',
  arguments: [{ name: 'RUN', description: 'the run’s number' }],
  options: [
    { name: 'step', value: 'K', description: 'of this checkpoint (the newest)' },
    { name: 'split', value: 'NAME', description: 'the split with the images (test)' },
    { name: 'image', value: 'I', description: 'which image of the split (0)' },
    { name: 'mode', value: 'inference|training', description: 'at one image by moving statistics (inference), or over a batch' },
    { name: 'count', value: 'N', description: 'training: images of the batch, from --image on (32)' },
    {
      name: 'c',
      value: 'C',
      description: 'of the bound 1 ± c·log(2L)/L (the smallest that covers the blocks of the checkpoint’s epoch)',
    },
    { name: 'tolerance', value: 'E', description: 'the extremes’ error, relative to the largest value (0.01)' },
    { name: 'steps', value: 'K', description: 'steps of Lanczos at most (40)' },
    { ...out, description: 'write it as a table, one unit a line' },
  ],
  examples: ['normlab theory 3', 'normlab theory 3 --mode training --count 64 --out theory.csv'],
  async run({ lab, words, output, json }) {
    const options = {
      ...{ step: words.whole('step'), split: words.text('split'), image: words.whole('image'), count: words.whole('count', 1) },
      ...{ mode: words.text('mode') as 'inference' | 'training' | undefined, c: words.number('c') },
      ...{ tolerance: words.number('tolerance'), steps: words.whole('steps', 1) },
    }
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as typeof options
    const question = { run: wholeNumber(words.argument('RUN'), 'RUN', 1), ...given }
    const answer = await finishJob(output, json, (tell) => lab().start('runs.theory', question, tell))
    const file = words.text('out')
    if (file !== undefined) writeFile(path.resolve(file), csvText(theoryCsv(answer)))
    if (json) output.print(theoryLines(answer).map(jsonLine).join(''))
    else output.print(file === undefined ? theoryText(answer) : `${answer.pieces.length} units in ${path.resolve(file)}\n`)
    return 0
  },
}

function theoryLines({ pieces, ratios, measured, whitened, ...answer }: TheoryAnswer): object[] {
  const { network, mode, images, blocks, c, delta, isCovering, step, epoch } = answer
  return [
    ...pieces.map(({ name, kind, spectrum, branch, repaired, pooled }, i) => ({
      ...{ unit: name, kind, ratio: ratios[i], ...(measured && { ratio_at_step: shortestSingle(measured.ratios[i]!) }) },
      ...spectrumFields(spectrum),
      ...(branch && { branch: spectrumFields(branch) }),
      ...(repaired && { projected: spectrumFields(repaired) }),
      ...(pooled && { l2_pooling: spectrumFields(pooled) }),
    })),
    ...whitened,
    { network, mode, images, blocks, c, delta, covering: isCovering, step, measured: measured?.step ?? null, epoch },
  ]
}

function theoryText(answer: TheoryAnswer): string {
  const { network, mode, images, pieces, ratios, measured, whitened, blocks, c, delta, isCovering, step, epoch } = answer
  const at = mode === 'inference' ? 'at one image' : `over a batch of ${images}`
  const covers = isCovering ? `, the smallest that covers the blocks of epoch ${epoch}` : ''
  const bound = Number.isNaN(c)
    ? 'no epoch has been measured and no c is given, so there is no bound'
    : `bound of ${blocks} blocks ${figure(1 - delta)} to ${figure(1 + delta)} (c ${figure(c)}${covers})`
  const rows = pieces.map(({ name, kind, spectrum, repaired, pooled }, i) => [
    ...[name, kind, figure(spectrum.smallest.value), figure(spectrum.largest.value)],
    measured ? figure(measured.ratios[i]!) : '–',
    ...(ratios[i] ? [ratios[i].mean, ratios[i].least, ratios[i].greatest].map(figure) : ['–', '–', '–']),
    ...[repaired, pooled].map((one) => (one ? `${figure(one.smallest.value)} to ${figure(one.largest.value)}` : '–')),
  ])
  const ratio = measured ? `step ${measured.step}` : 'ratio'
  const heading = ['unit', '', 'smallest', 'largest', ratio, 'mean', 'least', 'greatest', 'projected', 'L2 pooling']
  const dense = whitened.map(({ layer, before, after }) => `${layer}: ${ends(before)}, whitened ${ends(after)}\n`)
  return `${network} after step ${step}, ${at}: ${bound}\n${table([heading, ...rows])}${dense.join('')}`
}

const ends = ([a, b]: readonly [number, number]): string => `${figure(Math.min(a, b))} to ${figure(Math.max(a, b))}`

function theoryCsv({ network, mode, pieces, ratios, measured, c, delta, step, epoch }: TheoryAnswer): CsvContent {
  const at = measured ? `, ratio_at_step of step ${measured.step}` : ''
  return {
    comments: [
      `theory and measurement of ${network} after step ${step}, mode ${mode}, c ${c}, delta ${delta}, ratios of epoch ${epoch ?? 'none'}${at}`,
    ],
    columns: [
      ...['unit', 'kind', 'smallest', 'smallest_error', 'largest', 'largest_error', 'ratio', 'ratio_least', 'ratio_greatest'],
      ...[
        'ratio_at_step',
        'branch_largest',
        'projected_smallest',
        'projected_largest',
        'l2_pooling_smallest',
        'l2_pooling_largest',
      ],
    ],
    rows: pieces.map(({ name, kind, spectrum: { smallest, largest }, branch, repaired, pooled }, i) => [
      ...[name, kind, smallest.value, smallest.error, largest.value, largest.error],
      ...[ratios[i]?.mean, ratios[i]?.least, ratios[i]?.greatest, measured && shortestSingle(measured.ratios[i]!)],
      ...[branch?.largest.value, repaired?.smallest.value, repaired?.largest.value],
      ...[pooled?.smallest.value, pooled?.largest.value],
    ]),
  }
}

/** σ₁ of the residual Jacobians of runs over their depth. */
const depthLaw: Command = {
  words: 'depth-law',
  description: 'σ₁ of the residual Jacobians of runs over their depth L, and its slope, with and without skips',
  arguments: [{ name: 'RUN…', description: 'the runs’ numbers; two depths or more tell a slope', many: true }],
  options: [{ ...out, description: 'write it as a table, one run a line' }],
  examples: ['normlab depth-law 3 4 5', 'normlab depth-law 3 4 5 --out depths.csv'],
  async run({ lab, words, output, json }) {
    const runs = [...new Set(words.arguments('RUN…').map((text) => wholeNumber(text, 'RUN', 1)))]
    const answer = await finishJob(output, json, (tell) => lab().start('runs.depth-law', { runs }, tell))
    const file = words.text('out')
    if (file !== undefined) writeFile(path.resolve(file), csvText(depthCsv(answer)))
    for (const { run, problem } of json ? [] : answer.failed) output.say(`Note: ${runNumber(run)}: ${problem}.\n`)
    if (json) output.print(depthLines(answer).map(jsonLine).join(''))
    else output.print(file === undefined ? depthText(answer) : `${answer.runs.length} runs in ${path.resolve(file)}\n`)
    return 0
  },
}

function depthLines({ runs, withSkips, without, failed }: DepthAnswer): object[] {
  return [
    ...runs.map(({ hasSkips, ...run }) => ({ ...run, skips: hasSkips })),
    ...failed,
    {
      ...{ slope_with_skips: withSkips?.slope ?? null, error_with_skips: withSkips?.error ?? null },
      ...{ slope_without: without?.slope ?? null, error_without: without?.error ?? null },
    },
  ]
}

function depthText({ runs, withSkips, without }: DepthAnswer): string {
  const rows = runs.map(({ run, network, blocks, mean, least, greatest, hasSkips }) => [
    ...[runNumber(run), network, String(blocks), hasSkips ? 'yes' : 'no'],
    ...[mean, least, greatest].map(figure),
  ])
  const told = (law: PowerLaw | null): string => (law ? lawWords(law, figure) : 'needs two depths or more')
  const slopes = [
    `slope of log σ₁ over log L with skips: ${told(withSkips)} (trained residual nets: −1, arXiv 2401.09018)`,
    `without: ${told(without)}`,
  ]
  return `${table([['run', 'network', 'L', 'skips', 'mean σ₁', 'least', 'greatest'], ...rows])}${slopes.join('\n')}\n`
}

function depthCsv({ runs, withSkips, without }: DepthAnswer): CsvContent {
  const told = (law: PowerLaw | null): string => (law ? `${law.slope} (standard error ${law.error})` : 'none')
  return {
    comments: [`slope with skips ${told(withSkips)}, without ${told(without)}`],
    columns: ['run', 'network', 'blocks', 'skips', 'mean', 'least', 'greatest'],
    rows: runs.map(({ run, network, blocks, hasSkips, mean, least, greatest }) => [
      ...[run, network, blocks, hasSkips, mean, least, greatest],
    ]),
  }
}

export const theoryCommands: readonly Command[] = [theory, depthLaw]
