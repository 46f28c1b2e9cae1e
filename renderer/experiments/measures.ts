import { measures } from '../../shared/measures'

/** What an experiment's table and chart show of each run. */
export const SHOWN_MEASURES = measures.filter(({ isMain }) => isMain)
