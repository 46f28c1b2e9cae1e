import { z } from 'zod'
import { labSetting } from './setting'

export const tourSeen = labSetting({
  label: 'The tour was taken or left',
  says: 'The empty list of runs offers a tour of two small runs until it was begun once; Help has it at any time',
  section: null,
  kept: 'data folder',
  schema: z.boolean().default(false),
})
