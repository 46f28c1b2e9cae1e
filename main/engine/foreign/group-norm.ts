/** A layer that normalises groups of channels: with one group it is a layer norm, whose scale and shift are a channel's too. What is usual is left out. */
export function groupNormLayer(groups: unknown, epsilon: unknown) {
  return {
    kind: groups === 1 ? 'layer-norm' : 'group-norm',
    attributes: { ...(groups !== 1 && groups !== 8 && { groups }), ...(epsilon !== 1e-5 && { epsilon }) },
  }
}
