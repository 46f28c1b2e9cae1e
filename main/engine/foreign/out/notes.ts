import type { ExpandedNetwork } from '../../../../shared/architecture'
import { madeNotes } from '../../../../shared/architecture/source/made'
import type { NetworkForm } from '../../../../shared/network-forms'

const STANDARDISED = {
  'ws-conv2d':
    'written as a convolution with the kernel that standardising gives; training it further elsewhere does not keep it standardised',
}
const POSITIONS = { position: 'written as constants, which Keras does not train on' }

/** Of kinds of layers that go out as something else in a form. */
const OTHERS: Readonly<Partial<Record<NetworkForm, Readonly<Record<string, string>>>>> = {
  onnx: STANDARDISED,
  keras: POSITIONS,
}

/** What somebody should know of a network that goes out in that form, in sentences. */
export const outgoingNotes = ({ layers }: ExpandedNetwork, form: NetworkForm): string[] => madeNotes(layers, OTHERS[form])
