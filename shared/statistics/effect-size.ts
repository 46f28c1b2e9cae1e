import { rootOf } from './root'
import { logGamma } from './special'
import { noncentralT } from './student'

/** How large a paired difference is beside its own spread. */
export interface EffectSize {
  /** Cohen's d_z: mean of the differences over their sample deviation. */
  readonly d: number
  /** Hedges' g: d_z without its bias in small samples. */
  readonly g: number
  /** 95 % interval of g. */
  readonly low: number
  readonly high: number
}

/** Γ(ν/2)/(√(ν/2)·Γ((ν − 1)/2)), exactly (Hedges 1981, eq. 6e); of one degree of freedom it is 0. */
function hedgesCorrection(freedom: number): number {
  if (freedom <= 1) return 0
  return Math.exp(logGamma(freedom / 2) - logGamma((freedom - 1) / 2)) / Math.sqrt(freedom / 2)
}

/**
 * Effect size of n pairs with mean difference and deviation. The interval is that of the noncentrality of t = d·√n, turned round (Cumming and Finch 2001): a d is
 * within it where neither tail of t under it is less than 2.5 %.
 */
export function effectSize(mean: number, deviation: number, n: number): EffectSize {
  const d = mean / deviation
  const [t, freedom, correction] = [d * Math.sqrt(n), n - 1, hedgesCorrection(n - 1)]
  const end = (tail: number): number => rootOf((delta) => noncentralT(t, freedom, delta), tail, t - 2, t + 2) / Math.sqrt(n)
  return { d, g: correction * d, low: correction * end(0.975), high: correction * end(0.025) }
}
