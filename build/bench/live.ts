import path from 'node:path'
import { bundle } from '../bundle'
import { median, print, program } from './figures'

interface Timing {
  readonly ms: number
  readonly looks: number
  readonly taken: number | null
}

/** What live spectra cost a training: the same run with and without, in turn. The slow-down is to be no more than the share that was set. */
export async function live(rounds: number, wanted: (name: string) => boolean): Promise<void> {
  const cases = [
    ['proc-resnet:blocks=9', '32', '90', '0.1'],
    ['proc-resnet:blocks=3', '32', '90', '0.1'],
  ] as const
  let isBundled = false
  for (const [preset, batch, steps, share] of cases) {
    const name = `live spectra, share ${share}, ${preset}, batch=${batch}`
    if (!wanted(name)) continue
    if (!isBundled) await bundle(path.resolve(__dirname, '../..'), ['commands'])
    isBundled = true
    const measured: { looking: Timing; plain: Timing }[] = []
    for (let round = 0; round < rounds; round++) {
      const plain = (): Promise<Timing> => program<Timing>('live-run', preset, batch, steps)
      const looking = (): Promise<Timing> => program<Timing>('live-run', preset, batch, steps, share)
      // Each goes first as often: a machine that grows slower or faster is fair to both.
      if (round % 2 === 0) measured.push({ plain: await plain(), looking: await looking() })
      else measured.push({ looking: await looking(), plain: await plain() })
    }
    const ratios = measured.map((one) => one.looking.ms / one.plain.ms).sort((a, b) => a - b)
    print({
      name: `${name}: a step over one without`,
      value: median(measured.map(({ looking }) => looking.ms)),
      unit: 'ms',
      peer: median(measured.map(({ plain }) => plain.ms)),
      ratio: median(ratios),
      spread: [ratios[0]!, ratios[ratios.length - 1]!],
    })
    print({ name: `${name}: looks`, value: median(measured.map(({ looking }) => looking.looks)), unit: 'looks' })
    const taken = measured.map(({ looking }) => looking.taken ?? NaN)
    print({ name: `${name}: of the processor, while at work`, value: 100 * median(taken), unit: '%' })
  }
}
