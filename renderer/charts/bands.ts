import type { Band } from '../../shared/repeats'

/** What a band is called. */
export const BAND_WORDS: Readonly<Record<Band, string>> = {
  deviation: 'one sample deviation over the seeds',
  bootstrap:
    '95 % interval of the mean by the bootstrap over seeds; with three seeds it holds the mean in two of three cases only',
}

/** What a chart of means and their bands says beside its unit. */
export const BAND_UNITS: Readonly<Record<Band, string>> = {
  deviation: 'mean ± deviation over seeds',
  bootstrap: 'mean with bootstrap 95 % over seeds',
}

/** Its ends, as a table has them. */
export const BAND_ENDS: Readonly<Record<Band, readonly [string, string]>> = {
  deviation: ['mean − deviation', 'mean + deviation'],
  bootstrap: ['bootstrap 2.5 %', 'bootstrap 97.5 %'],
}
