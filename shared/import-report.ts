import { z } from 'zod'

/** What became of another program's network when it was brought in. */
export const ImportReport = z.object({
  /** `ONNX`, `Keras`, `torch.fx`. */
  format: z.string(),
  /** What wrote it, with its version; empty where the file does not say. */
  producer: z.string(),
  /** Layers that were taken, by their kind, the most frequent first. */
  taken: z.array(z.object({ kind: z.string(), count: z.number().int() })),
  /** Blocks into which they were folded. */
  folded: z.array(z.object({ path: z.string(), copies: z.number().int(), layers: z.number().int() })),
  /** What was taken otherwise than it stands there, a sentence each: results differ a little. */
  approximated: z.array(z.string()),
  /** What was left out since the network comes to the same without it, a sentence each. */
  left: z.array(z.string()),
  /** What the lab has no layer for; it stands in the network by that name, and nothing can be trained before it is replaced. */
  unsupported: z.array(z.object({ name: z.string(), what: z.string(), why: z.string() })),
  /** Numbers that are learnt, of the network as it was taken; null where it cannot be told. */
  parameters: z.number().int().nullable(),
  /** Whether all weights came along. */
  hasWeights: z.boolean(),
})
export type ImportReport = z.infer<typeof ImportReport>

/** The sentences of a report, for a line each. */
export function reportLines(report: ImportReport): { readonly title: string; readonly lines: readonly string[] }[] {
  const { taken, folded, approximated, left, unsupported } = report
  const repeated = folded.filter(({ copies }) => copies > 1)
  const single = folded.length - repeated.length
  return [
    { title: 'Taken', lines: taken.map(({ kind, count }) => `${count} ${kind}`) },
    {
      title: 'Folded',
      lines: [
        ...repeated.map(({ path, copies, layers }) => `${path}: ${copies} copies of ${layers} layers`),
        ...(single > 0 ? [single === 1 ? '1 block that stands once' : `${single} blocks that stand once`] : []),
      ],
    },
    { title: 'Approximated', lines: approximated },
    { title: 'Left out', lines: left },
    { title: 'Not known here', lines: unsupported.map(({ name, what, why }) => `${name} (${what}): ${why}`) },
  ].filter(({ lines }) => lines.length > 0)
}
