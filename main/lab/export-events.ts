import { stepMeasures, endMeasures } from '../../shared/measures'
import { epochValues, stepValues } from '../../shared/measures/values'
import type { Unit } from '../../shared/records'
import { writeFile } from '../files/write-file'
import { scalarsRecord, versionRecord } from '../formats/tfevents'
import { curves } from '../store/series'
import type { Store } from '../store/store'
import { valueOf } from './json-records'

/**
 * Writes a run as an event file of TensorBoard's: each measure of a step under its name, `norm/UNIT` at the boundary that a unit begins with and `norm/end` at the last
 * one, `ratio/UNIT`, and what an epoch's test came to at its last step. A number that was not measured is left out.
 *
 * @returns the number of steps written.
 * @throws UserError where the file cannot be written.
 */
export function exportEvents(
  store: Store,
  run: { readonly id: number; readonly units: readonly Unit[]; readonly createdAt: string },
  out: string,
): number {
  const { step: numbers, at } = curves(store, run.id)
  const stored = new Map(Array.from(numbers, (step, i) => [step, at[i]! / 1000]))
  const names = run.units.map(({ name }) => name)
  const ended = new Map(store.epochs.all(run.id).map((epoch) => [epoch.lastStep, epoch]))
  let time = Date.parse(run.createdAt) / 1000
  return writeFile(out, (write) => {
    let steps = 0
    write(versionRecord(time))
    for (const step of store.steps.each(run.id)) {
      const values = stepValues(step, run.units)
      const epoch = ended.get(step.step)
      const told: [string, number | null | undefined][] = [
        ...stepMeasures.map((measure): [string, number | undefined] => [measure.name, valueOf(measure, values)]),
        ...endMeasures.map((measure): [string, number | null] => [
          measure.name,
          epoch ? measure.epoch.of(epochValues(epoch, run.units)) : null,
        ]),
        ...Array.from(step.norms, (norm, i): [string, number] => [`norm/${names[i] ?? 'end'}`, norm]),
        ...Array.from(values.ratios.all, (ratio, i): [string, number] => [`ratio/${names[i]}`, ratio]),
      ]
      const written = told.filter((one): one is [string, number] => typeof one[1] === 'number' && !Number.isNaN(one[1]))
      // TensorBoard takes a step back in time for a program that was started again.
      const seen = stored.get(step.step) ?? NaN
      time = Math.max(time, Number.isFinite(seen) ? seen : time + (Number.isFinite(step.ms) ? step.ms / 1000 : 0))
      write(scalarsRecord(step.step, time, written))
      steps++
    }
    return steps
  })
}
