import { sizeOf } from './axes'
import type { Operator } from './operator'
import { axesInFile } from './ranks'
import { axisOf, oneOf, someOf } from './turned'

/** By a single number; several would be a list of chosen entries. */
export const gather: Operator = (node, c) => {
  const own = c.view(node.inputs[0])
  const axes = axesInFile(c, node.inputs[0])
  const view = own && axes && { ...own, axes }
  const chosen = c.constant(node.inputs[1])
  const [entry] = chosen?.integers() ?? []
  if (!view) return { why: 'the shape of what enters it is not known' }
  const axis = axisOf(node.attributes.int('axis', 0), view.axes.length)
  if (axis === undefined || !chosen || entry === undefined || chosen.length !== 1) return { why: 'what it takes is worked out' }
  return chosen.dims.length === 0
    ? oneOf(c, view, axis, entry)
    : someOf(c, view, axis, axisOf(entry, sizeOf(view.axes[axis]!)) ?? -1, 1)
}
