/** From a to b along half a cosine. @param share 0–1. */
export const halfCosine = (a: number, b: number, share: number): number => b + ((a - b) * (1 + Math.cos(Math.PI * share))) / 2
