import { existsSync, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Lab, RunDetail, RunSummary } from '../../shared/api'
import { UserError, isUserError } from '../../shared/errors'
import { complaintOf } from '../../shared/plain-words'
import { CAN_GO_ON, type CellEnd, type CellEvent } from '../../shared/places/cell-log'
import { type CellSpecification, GridSpecification } from '../../shared/places/specification'
import { readJson } from '../files/network-file'
import { OWNERS, writeFile } from '../files/write-file'
import { isUnwritable } from '../store/failures'
import { hashFile } from '../store/weight-files'
import { wholeNumber } from './arguments'
import { CellLog } from './cell-log'
import { CellTeller } from './cell-told'
import type { Command, Context } from './command'
import { followRun } from './follow-run'

/** A task before this one may still be at the run: its node was thought dead, and is not. */
const OTHER_TASK_MS = 120_000
const LOOK_MS = 1_000

/** What a task at another place runs; the lab that sent the grid reads what it leaves behind in `--out`. */
const cell: Command = {
  words: 'cell',
  description: 'trains one cell of a grid in a task of a cluster; what `normlab experiment NAME --on PLACE` starts there',
  arguments: [
    { name: 'GRID', description: 'the grid’s cells.json' },
    { name: 'INDEX', description: 'the cell’s, from 0' },
  ],
  options: [
    { name: 'out', value: 'DIR', description: 'folder for its log, its bundle and its last word', required: true },
    { name: 'tell', description: 'print these too, for a place where the output alone is read' },
  ],
  examples: ['normlab cell cells.json 3 --home cell-3/home --out cell-3'],
  async run(context) {
    try {
      return await trainCell(context)
    } catch (error) {
      if (!isUnwritable(error)) throw error
      // A store that is locked, a quota: nothing is wrong with the run, and the next task may have room.
      context.output.say(`normlab: ${error.message}\n`)
      return CAN_GO_ON
    }
  },
}

async function trainCell({ words, lab: open, output }: Context): Promise<number> {
  const out = path.resolve(words.text('out')!)
  const teller = words.flag('tell') ? new CellTeller(out) : undefined
  if (existsSync(path.join(out, 'end'))) {
    teller?.end()
    return 0
  }
  mkdirSync(out, { recursive: true })
  const specification = cellOf(words.argument('GRID'), wholeNumber(words.argument('INDEX'), 'INDEX', 0))
  const lab = open()
  let run: RunDetail | undefined
  try {
    run = await begun(lab, specification, (text) => output.say(text))
  } catch (error) {
    if (isUnwritable(error) || !isUserError(error)) throw error
    // It will be no better the next time.
    leave(out, { state: 'failed', problem: { message: error.message }, notices: [], bundle: null })
    teller?.end()
    throw error
  }
  if (!run) return CAN_GO_ON
  const ended = await train(lab, run, path.join(out, 'log'), output, teller)
  if (ended.state !== 'done' && ended.state !== 'failed') return CAN_GO_ON
  const bundle = path.join(out, 'run.bundle')
  await lab.request('runs.export', { run: run.id, out: bundle, format: 'bundle' })
  leave(out, {
    ...{ state: ended.state, problem: ended.problem, notices: ended.notices },
    bundle: { bytes: statSync(bundle).size, sha256: hashFile(bundle) },
  })
  teller?.end()
  return ended.state === 'done' ? 0 : 1
}

/** @throws UserError where the file is no grid, or has no such cell. */
function cellOf(file: string, index: number): CellSpecification {
  const read = GridSpecification.safeParse(readJson(file))
  if (!read.success) {
    const { path: place, message } = complaintOf(read.error)
    throw new UserError(`${place.map(String).join('.') || 'the file'}: ${message}`, {
      place: file,
      remedy: 'use the NormLab that wrote it there too',
    })
  }
  const found = read.data.cells[index]
  if (!found) throw new UserError(`it has ${read.data.cells.length} cells`, { place: `${file}, cell ${index}` })
  return found
}

/** The run of this data folder: begun anew, or gone on with from its last checkpoint; none where another task is still at it. */
async function begun(
  lab: Lab,
  { name, configuration }: CellSpecification,
  say: (text: string) => void,
): Promise<RunDetail | undefined> {
  const began = performance.now()
  // A lab that watches its runs finds out when the one of another task is gone.
  const letGo = lab.subscribe('runs.changes', {}, () => undefined)
  try {
    for (;;) {
      const [known] = await lab.request('runs.list', {})
      if (!known) break
      const run = await lab.request('runs.show', { run: known.id })
      if (known.state === 'done' || known.state === 'failed') return run
      if (known.state === 'interrupted' || known.state === 'stopped') {
        await lab.request('runs.resume', { run: known.id })
        return run
      }
      if (performance.now() - began > OTHER_TASK_MS) {
        say('Another task still trains this cell; this one leaves, and comes again.\n')
        return undefined
      }
      say('Another task still trains this cell; waiting for its end.\n')
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  } finally {
    letGo()
  }
  const { network, data, training, execution, seed } = configuration
  const run = await lab.request('runs.start', { name, network, data, training, execution, seed })
  if (run.configuration.dataHash !== configuration.dataHash) {
    await lab.request('runs.stop', { run: run.id })
    throw new UserError(`the data set "${data.name}" is another here than where the grid was made`, {
      remedy: 'delete it from the folder of the grids, and send the experiment again',
    })
  }
  return run
}

/** Follows it to its end, or until it is told to leave; what its store has goes into the log. */
async function train(
  lab: Lab,
  run: RunDetail,
  file: string,
  output: Parameters<typeof followRun>[2],
  teller: CellTeller | undefined,
): Promise<RunSummary> {
  const log = new CellLog(file)
  const add = (event: CellEvent): void => {
    log.add(event)
    teller?.log()
  }
  teller?.log()
  let told: Promise<void> | undefined
  const tellStart = async (): Promise<void> => {
    const { units, parameters, device, versions, progress } = await lab.request('runs.show', { run: run.id })
    const { steps, stepsPerEpoch } = progress
    add({ type: 'started', units, parameters, device, versions, steps, stepsPerEpoch })
  }
  const epochsFrom = log.epoch
  try {
    return await followRun(
      lab,
      run.id,
      output,
      {
        onSteps: (steps) => add({ type: 'records', steps: [...steps], epochs: [] }),
        // One that was cut off when the task had to leave comes again, whole.
        onEpochs: (epochs) => add({ type: 'records', steps: [], epochs: epochs.filter(({ epoch }) => epoch >= epochsFrom) }),
        onProgress({ progress, state }) {
          if (progress.steps > 0) told ??= tellStart()
          // Nobody is there who could go on with it.
          if (state === 'paused') lab.request('runs.resume', { run: run.id }).catch(() => undefined)
        },
      },
      log.step,
    )
  } finally {
    await told
    log.close()
  }
}

/** The last word is there whole or not at all. */
function leave(out: string, end: CellEnd): void {
  writeFile(path.join(out, 'end'), JSON.stringify(end), OWNERS)
}

export const cellCommands: readonly Command[] = [cell]
