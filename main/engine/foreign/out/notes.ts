import type { ExpandedNetwork } from '../../../../shared/architecture'
import { madeNotes } from '../../../../shared/architecture/source/made'
import type { NetworkForm } from '../../../../shared/network-forms'

const STANDARDISED =
  'written as a convolution with the kernel that standardising gives; training it further elsewhere does not keep it standardised'
const CONSTANT = 'written as a constant, which Keras does not train on'

/** What somebody should know of a network that goes out in that form, in sentences. */
export const outgoingNotes = ({ layers }: ExpandedNetwork, form: NetworkForm): string[] =>
  madeNotes(layers, ({ op, attributes }) => {
    // Files have layers that are there; a source has classes for others.
    if (form !== 'onnx' && form !== 'keras') return undefined
    if (op.kind === 'ws-conv2d') return STANDARDISED
    const isConstant =
      op.kind === 'position' || op.kind === 'class-token' || op.kind === 'shift' || (op.kind === 'scale' && attributes['learned'])
    return form === 'keras' && isConstant ? CONSTANT : undefined
  })
