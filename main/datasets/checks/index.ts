import type { CheckName } from '../../../shared/datasets/checks'
import { blurred } from './blurred'
import type { Check } from './check'
import { classes } from './classes'
import { dark } from './dark'
import { exactCopies } from './exact-copies'
import { nearCopies } from './near-copies'
import { plain } from './plain'
import { twoLabels } from './two-labels'
import { unreadable } from './unreadable'

/** Every check that looks at images, in the order in which they are told. To add one: its declaration, its file, its line here. */
export const checks: readonly Check[] = [exactCopies, nearCopies, twoLabels, unreadable, plain, dark, blurred, classes]

export const checksOf = (names: readonly CheckName[]): Check[] => checks.filter(({ name }) => names.includes(name))
