import { describe, expect, it } from 'vitest'
import { composeCsv, composeSvg } from '../../../renderer/charts/chart-file'
import { curveOption, type Curve } from '../../../renderer/charts/curve-option'
import { chartSvg } from '../../../renderer/charts/echarts'
import { profileOption } from '../../../renderer/charts/profile-option'
import { column, words } from '../../../renderer/charts/table-content'
import { measureOption } from '../../../renderer/experiments/measure-option'
import { askPython, readCsv } from '../support/python'
import { chartTokens as tokens } from './chart-tokens'

const paper = { width: 600, height: 300 }
const curve = (y: readonly number[], more: Partial<Curve> = {}): Curve => ({
  ...{ id: 'chain', name: 'chain', colour: 0, style: 'line', x: y.map((_, i) => i + 1), y, format: String },
  ...more,
})
const svgOf = (curves: readonly Curve[], more: object = {}): string =>
  chartSvg(
    curveOption({
      ...{ curves, scale: 'linear', view: { from: 0, to: 210 }, smoothing: 0, outliersOff: false, xKind: 'whole' },
      ...{ tokens, width: 600, names: { x: 'step', y: 'chain ratio' } },
      ...more,
    }).option,
    paper,
  )
interface Parsed {
  readonly texts: readonly string[]
  readonly paths: readonly { stroke?: string; fill?: string; d?: string; points?: string }[]
}
const read = new Map<string, Parsed>()
/** What an XML parser finds: all texts and paths. A picture that is asked of again has been read. */
function parsed(svg: string): Parsed {
  const known = read.get(svg)
  if (known) return known
  const found = askPython(
    `import json, sys, xml.etree.ElementTree as E
root = E.fromstring(sys.stdin.buffer.read())
print(json.dumps({'texts': [''.join(e.itertext()) for e in root.iter() if e.tag.endswith('}text')],
  'paths': [dict(e.attrib) for e in root.iter() if e.tag.endswith('}path') or e.tag.endswith('}polyline')]}))`,
    svg,
  ) as Parsed
  read.set(svg, found)
  return found
}
const dots = (svg: string): number =>
  parsed(svg).paths.filter(({ fill, d }) => fill === tokens.series[0] && /[Aa]/.test(d ?? '')).length
const lines = (svg: string) => parsed(svg).paths.filter(({ stroke, fill }) => stroke === tokens.series[0] && fill === 'none')

describe('values between gaps', () => {
  const every10 = Array.from({ length: 200 }, (_, i) => (i % 10 === 0 ? 2 + Math.sin(i) : NaN))
  it.each([
    ['linear', 0],
    ['linear', 0.6],
    ['log', 0],
    ['log', 0.6],
  ] as const)('are seen as dots and as one line, %s, smoothing %s', (scale, smoothing) => {
    const svg = svgOf([curve(every10)], { scale, smoothing })
    expect(dots(svg)).toBe(20)
    expect(lines(svg).length).toBe(smoothing > 0 ? 2 : 1)
    for (const line of lines(svg)) expect((line.d ?? line.points ?? '').match(/[LM ,]/g)!.length).toBeGreaterThan(19)
  })

  it('are seen where there is but one', () => {
    expect(dots(svgOf([curve([NaN, NaN, 3, NaN])]))).toBe(1)
    // Among many, where single dots have no room.
    const lone = Array.from({ length: 2000 }, (_, i) => (i === 1000 ? 5 : i > 900 && i < 1100 ? NaN : 1))
    expect(dots(svgOf([curve(lone)], { view: { from: 0, to: 2000 } }))).toBe(1)
  })

  it('that are 0 or NaN change neither the labels of a logarithmic axis nor the other points', () => {
    const plain = [1e-3, 2e-3, 1.5e-3, 1e-3, 3e-3, 2e-3]
    const holed = [1e-3, 2e-3, 0, 1e-3, NaN, 2e-3]
    const [a, b] = [plain, holed].map((y) => parsed(svgOf([curve(y)], { scale: 'log', view: { from: 0, to: 7 } })))
    const marks = (one: typeof a): string[] =>
      one!.paths.filter(({ fill, d }) => fill === tokens.series[0] && /[Aa]/.test(d ?? '')).map(({ d }) => d!)
    const without = parsed(
      svgOf([curve([1e-3, 2e-3, 1e-3, 2e-3], { x: [1, 2, 4, 6] })], { scale: 'log', view: { from: 0, to: 7 } }),
    )
    expect(marks(b)).toHaveLength(4)
    expect(b!.texts).toEqual(without.texts)
    expect(a!.texts.filter((text) => text.includes('0.00'))).not.toEqual([])
  })
})

describe('a chart as a file', () => {
  it('is XML with the names of both axes, whatever fonts and names there are', () => {
    const fonts = { ...tokens, font: `system-ui, 'Segoe UI', "Noto Sans", sans-serif`.replace(/["']/g, '') }
    const svg = composeSvg(
      {
        ...{ subject: 'a "b" <c> & d\u0001', title: 'Chain ratio', unit: '‖g₁‖ ∕ ‖g_L₊₁‖', moment: 'step 3 marked' },
        ...{ legend: [{ shape: 'line', text: '<x> "y" \ud800' }], tokens: fonts },
        plot: (sheet) =>
          chartSvg(
            curveOption({
              ...{ curves: [curve([1, 2, 3], { name: '<&">' })], scale: 'linear', view: { from: 0, to: 4 }, smoothing: 0 },
              ...{ outliersOff: false, xKind: 'whole', tokens: fonts, width: sheet.width, moment: 3 },
              names: { x: 'step', y: `${sheet.title}, ${sheet.unit}` },
            }).option,
            sheet,
          ),
      },
      600,
      300,
    )
    const { texts } = parsed(svg)
    expect(texts).toContain('step')
    expect(texts).toContain('Chain ratio, ‖g₁‖ ∕ ‖g_L₊₁‖')
    expect(texts.join()).toContain('a "b" <c> & d')
    expect(texts.join()).toContain('step 3 marked')
  })

  it('has a profile’s range, and arrows for what lies outside', () => {
    const units = [1, 2, 3].map((n) => ({ name: `stage1.block${n}`, kind: 'block' as const, shape: [8, 8, 4] as const }))
    const now = Float32Array.from([1.01, 0.99, 50])
    const { texts } = parsed(
      chartSvg(
        profileOption({
          ...{ units: units as never, values: { step: 1, now, norms: null, band: null }, range: 1 / 0.95, colours: 10 },
          ...{ view: { from: 0, to: 2 }, delta: null, tokens, width: 600, names: { x: 'block', y: 'ratio' } },
        }),
        paper,
      ),
    )
    expect(texts).toEqual(expect.arrayContaining(['0.95', '1.00', '1.05', 'block', 'ratio']))
  })

  it('draws words as dots without a line, amounts with one', () => {
    const points = (places: readonly string[]) =>
      places.map((place, i) => ({
        ...{ place, mean: i + 1, deviation: 0.1, count: 2 },
        ...{ values: [i + 0.9, i + 1.1], band: [i + 0.9, i + 1.1] as const },
      }))
    const joined = (places: readonly string[]): number => {
      const series = [{ id: 'a', name: '', points: points(places) }]
      const svg = chartSvg(measureOption({ places, series, isLog: false, format: String, tokens, width: 600 }), paper)
      return lines(svg).length
    }
    const bars = joined(['ResNet', 'ProcResNet', 'plain'])
    expect(joined(['ResNet-20', 'ResNet-32', 'ResNet-44'])).toBe(bars + 1)
  })
})

it('a chart’s CSV has raw numbers, missing ones empty, and the header in its first line that is no comment', () => {
  const content = {
    columns: [words('run'), column('test error', (share) => `${share * 100} %`)],
    rows: [
      ['two\nlines', 1 / 3],
      ['=1+2', null],
      ['-1.5', Infinity],
    ],
  }
  expect(readCsv(composeCsv('Test error of two\nlines', 'share', content))).toEqual([
    ['run', 'test error'],
    ['two\nlines', '0.3333333333333333'],
    ["'=1+2", ''],
    ['-1.5', 'inf'],
  ])
})
