import { dialog } from 'electron'
import type { UserError } from '../../shared/errors'
import { countWords } from '../../shared/count-words'
import { repairStore } from '../store/repair'

/** More lines than these do not fit a box. */
const MOST_LINES = 12

/**
 * Offers to repair a damaged store before the window opens.
 *
 * @returns whether it was repaired.
 * @throws UserError where that cannot be done.
 */
export function offerRepair(home: string, { problem, options }: UserError): boolean {
  const answer = dialog.showMessageBoxSync({
    type: 'error',
    message: 'The run store is damaged.',
    detail: `${options.place ?? home}: ${problem}. A repair makes a new store of all that can be read, and keeps this one beside it.`,
    buttons: ['Repair', 'Quit'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  })
  if (answer !== 0) return false
  const { runs, steps, lost, kept } = repairStore(home)
  const more = lost.length > MOST_LINES ? [`and ${lost.length - MOST_LINES} more`] : []
  dialog.showMessageBoxSync({
    type: 'info',
    message: `The new store has ${countWords(runs, 'run')} with ${countWords(steps, 'step')}.`,
    detail: [...lost.slice(0, MOST_LINES).map((what) => `Lost: ${what}.`), ...more, `The old one is kept as ${kept ?? ''}.`].join(
      '\n',
    ),
    buttons: ['Go on'],
    noLink: true,
  })
  return true
}
