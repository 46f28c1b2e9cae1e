import type { RunDetail, RunSummary } from '../../shared/api'
import type { z } from 'zod'
import type { LegendItem } from '../charts/chart-file'
import { splitsOf } from '../../shared/data-splits'
import type { RunState } from '../../shared/records'
import { secondsOfRest } from '../../shared/test-progress'
import { formatCount, formatDuration } from '../ui/format'
import type { IconName } from '../ui/icon-outlines'

export type Summary = z.output<typeof RunSummary>

/** How each state is called and drawn, everywhere. The icon says it to eyes that do not tell the colours. */
export const RUN_STATES: Readonly<
  Record<RunState, { label: string; icon: IconName; tone: 'run' | 'done' | 'warn' | 'fail' | 'idle' }>
> = {
  queued: { label: 'Queued', icon: 'clock', tone: 'idle' },
  running: { label: 'Running', icon: 'play', tone: 'run' },
  paused: { label: 'Paused', icon: 'pause', tone: 'warn' },
  interrupted: { label: 'Interrupted', icon: 'bolt', tone: 'warn' },
  stopped: { label: 'Stopped', icon: 'stop', tone: 'idle' },
  failed: { label: 'Failed', icon: 'cross', tone: 'fail' },
  done: { label: 'Done', icon: 'check', tone: 'done' },
}

/** Can it go on from its last checkpoint? */
export function canGoOn(state: RunState): boolean {
  return state === 'interrupted' || state === 'stopped' || state === 'failed'
}

/** Has it weights to look into? A run of the lab's keeps some as it goes; what was recorded elsewhere has those that its program sent. */
export const hasSpectra = ({ origin, hasWeights }: Pick<RunDetail, 'origin' | 'hasWeights'>): boolean =>
  origin === undefined || hasWeights

/** Is something still to come from it? */
export function isActive(state: RunState): boolean {
  return state === 'queued' || state === 'running' || state === 'paused'
}

const PHASES: Readonly<Record<Summary['progress']['phase'], string>> = {
  queued: 'waiting for its turn',
  data: 'reading the data',
  compile: 'compiling the graph',
  'first-step': 'first step, kernels warm up',
  train: 'training',
  evaluate: 'evaluating',
  ended: 'ended',
}

/** Whether a test goes on that can be left out. */
export function isTested(run: Pick<Summary, 'state' | 'progress'>): boolean {
  return run.state === 'running' && run.progress.phase === 'evaluate'
}

/** What the run is doing, in words. */
export function phaseOf(run: Summary): string {
  if (run.state === 'paused') return 'paused'
  if (run.place !== null) return `waiting for its turn, place ${run.place}`
  const { test } = run.progress
  if (test && run.state === 'running') {
    const left = secondsOfRest(test)
    return `testing ${formatCount(test.done)} of ${formatCount(test.images)} images${left === null ? '' : `, ${formatDuration(left)}`}`
  }
  if (run.progress.phase === 'evaluate' && isActive(run.state)) return `evaluating on the ${splitsOf(run.settings).test} images`
  return isActive(run.state) ? PHASES[run.progress.phase] : RUN_STATES[run.state].label.toLowerCase()
}

/** Share of the steps that are done, 0–1. */
export function shareDone(run: Summary): number {
  return run.progress.steps > 0 ? Math.min(1, run.progress.step / run.progress.steps) : 0
}

/** The run's colour, the same in every page. */
export function runColour(id: number): string {
  return `var(--series-${((id - 1) % 8) + 1})`
}

/** How a run's line looks: one of the eight series' colours, drawn through or dashed. */
export interface Look {
  readonly colour: number
  readonly isDashed: boolean
}
const COLOURS = 8
const LOOKS = 2 * COLOURS

/** Looks of runs that are shown together: each its own (its colour; every second eight dashed), or the next one that none before it has. */
export function looksOf(ids: readonly number[]): ReadonlyMap<number, Look> {
  const looks = new Map<number, Look>()
  const taken = new Set<number>()
  for (const id of ids) {
    if (looks.has(id)) continue
    let which = (id - 1) % LOOKS
    for (let tried = 0; taken.has(which) && tried < LOOKS; tried++) which = (which + 1) % LOOKS
    taken.add(which)
    if (taken.size === LOOKS) taken.clear()
    looks.set(id, { colour: which % COLOURS, isDashed: which >= COLOURS })
  }
  return looks
}

/** A chip of a look, as a CSS background: a dashed line's has a gap. */
export function chipFill({ colour, isDashed }: Look): string {
  const ink = `var(--series-${colour + 1})`
  return isDashed ? `linear-gradient(to right, ${ink} 38%, transparent 38% 62%, ${ink} 62%)` : ink
}

/** A look in a legend. */
export function lookKey({ colour, isDashed = false }: { colour: number; isDashed?: boolean }, text: string): LegendItem {
  return { shape: isDashed ? 'dashed' : 'line', colour: `var(--series-${colour + 1})`, text }
}
