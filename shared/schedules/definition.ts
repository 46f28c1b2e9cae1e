/** What schedules may depend on; each names what it reads. */
export interface ScheduleSettings {
  /** The highest rate, or that of the first step. */
  readonly rate: number
  /** Epochs. */
  readonly milestones: readonly number[]
  readonly factor: number
  /** A share of the highest rate. */
  readonly finalRate: number
  /** A share of the steps. */
  readonly peakAt: number
}

/** Where a step lies in its run. */
export interface Place {
  /** Epochs, and parts of one, that lie behind. */
  readonly epochs: number
  /** Steps since the last of the warm-up, or since the first. */
  readonly i: number
  /** How many there are with that one. */
  readonly count: number
}

/** A course of the rate after its warm-up: all that the lab knows of it. */
export interface ScheduleDefinition {
  /** In a configuration and on the command line; where that takes more than a word, `settings/schedule.ts` reads it. */
  readonly name: string
  /** What it is called in a form. */
  readonly label: string
  /** In a sentence: `the cosine`. */
  readonly words: string
  /** Where it comes from, and what it agrees with. */
  readonly source: string
  /** The settings that it reads, beside the rate and the warm-up. */
  readonly settings: readonly Exclude<keyof ScheduleSettings, 'rate'>[]
  /** Whether its rates depend on how many steps a run has; such a one can keep its end where the run gets more. */
  readonly hasEnd: boolean
  rate(settings: ScheduleSettings, place: Place): number
}
