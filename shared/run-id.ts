import { z } from 'zod'

export const RunId = z.number().int().min(1)
