import type { ExpandedNetwork } from '../../../../shared/architecture'
import { type MadeLayer, madeNotes } from '../../../../shared/architecture/source/made'
import type { NetworkForm } from '../../../../shared/network-forms'

const STANDARDISED =
  'written as a convolution with the kernel that standardising gives; training it further elsewhere does not keep it standardised'
const CONSTANT = 'written as a constant, which Keras does not train on'

const TWICE = 'K is in it twice, and would be trained as two'
/** Where a file has one kernel several times, or several convolutions share it: a source has a class that holds it once. */
const SHARED: Readonly<Partial<Record<NetworkForm, Readonly<Partial<Record<MadeLayer['as'], string>>>>>> = {
  onnx: { reflections: TWICE, series: 'its convolutions share that kernel' },
  keras: { reflections: TWICE, series: 'the kernel is in it once for each of its convolutions, and would be trained as so many' },
}

/** What somebody should know of a network that goes out in that form, in sentences. */
export const outgoingNotes = ({ layers }: ExpandedNetwork, form: NetworkForm): string[] =>
  madeNotes(layers, SHARED[form] ?? {}, ({ op, attributes }) => {
    // Files have layers that are there; a source has classes for others.
    if (form !== 'onnx' && form !== 'keras') return undefined
    if (op.kind === 'ws-conv2d') return STANDARDISED
    const isConstant =
      op.kind === 'position' || op.kind === 'class-token' || op.kind === 'shift' || (op.kind === 'scale' && attributes['learned'])
    return form === 'keras' && isConstant ? CONSTANT : undefined
  })
