import { z } from 'zod'
import { family } from './family'
import { reads } from './optimiser'
import { setting } from './setting'

const common = { group: 'optimiser', applies: reads('soap'), fullPathOnly: true } as const

/** How SOAP (Vyas and others 2024) finds its bases. */
export const soap = family({
  every: setting({
    ...common,
    label: 'Bases every',
    says: 'Steps from one of SOAP’s bases to the next, each by a step of the power iteration and a QR decomposition',
    unit: 'steps',
    schema: z.number().int().min(1).max(100_000_000).default(10),
  }),
  side: setting({
    ...common,
    label: 'SOAP’s longest side',
    says: 'The longest side of a kernel’s matrix, taps and input channels by output channels, that has a basis; a longer one goes without, and a kernel with two of them steps by AdamW',
    schema: z.number().int().min(1).max(100_000).default(256),
    grows: 'twofold',
  }),
})
