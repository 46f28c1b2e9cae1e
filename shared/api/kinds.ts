import { z } from 'zod'

/** One question and its answer. */
export function request<I extends z.ZodType, O extends z.ZodType>(input: I, output: O) {
  return { kind: 'request' as const, input, output }
}
/** A standing question: events until the asker lets go. */
export function subscription<I extends z.ZodType, E extends z.ZodType>(input: I, event: E) {
  return { kind: 'subscription' as const, input, event }
}

/** Work that takes its time: how far it has come, then its answer; can be called off. */
export function job<I extends z.ZodType, O extends z.ZodType>(input: I, output: O) {
  return { kind: 'job' as const, input, output }
}

export const nothing = z.strictObject({})
