import type { ReportChart, ReportData, ReportProfile } from '../../shared/report/report'
import { dataRange, reachOf } from '../charts/ratio-scale'
import { readTokens } from '../theme/read-tokens'
import { init } from '../charts/echarts'
import { curveOption, type Curve } from '../charts/curve-option'
import { profileOption } from '../charts/profile-option'
import { LiveChart } from './live-chart'

/** The page of a report: a file by itself, which draws the charts whose numbers it carries. */
const data = JSON.parse(document.getElementById('report-data')!.textContent!) as ReportData
const dark = matchMedia('(prefers-color-scheme: dark)')

const numbers = (values: readonly (number | null)[]): Float64Array => Float64Array.from(values, (value) => value ?? NaN)
const figure = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(4))

function curveChart(host: HTMLElement, chart: ReportChart): LiveChart {
  const curves: Curve[] = chart.curves.map((curve) => ({
    ...{ id: curve.id, name: curve.name, colour: curve.colour, isDashed: curve.isDashed, style: curve.style },
    ...{ x: curve.x, y: numbers(curve.y), format: figure },
  }))
  const ends = curves.flatMap(({ x }) => (x.length > 0 ? [x[0]!, x[x.length - 1]!] : []))
  const whole = { from: Math.min(...ends), to: Math.max(...ends) }
  if (whole.from === whole.to) whole.to = whole.from + 1
  return new LiveChart(host, init, {
    whole,
    lines: curves.map(({ name, colour }) => ({ name, colour })),
    option: ({ view, shown, width, tokens }) =>
      curveOption({
        ...{ curves: curves.filter((_, i) => shown[i]), scale: chart.scale, view, smoothing: 0, outliersOff: false },
        ...{ xKind: 'whole', tokens, width, names: { x: chart.xName, y: chart.unit } },
      }).option,
    told: (x) => curves.map((curve) => toldAt(curve, x)),
    xName: chart.xName,
  })
}

/** The value of a curve nearest to a place; nothing beyond its ends. */
function toldAt({ x, y }: Curve, at: number): string {
  let best = -1
  for (let i = 0; i < x.length; i++)
    if (Number.isFinite(y[i]!) && (best < 0 || Math.abs(x[i]! - at) < Math.abs(x[best]! - at))) best = i
  return best < 0 || at < x[0]! - 1 || at > x[x.length - 1]! + 1 ? '–' : figure(y[best]!)
}

function profileChart(host: HTMLElement, profile: ReportProfile): LiveChart {
  const [mean, min, max] = [profile.mean, profile.min, profile.max].map((values) => Float32Array.from(numbers(values)))
  const range = dataRange([mean, min, max])
  const units = profile.units.map((unit) => ({ ...unit, shape: [...unit.shape] }))
  return new LiveChart(host, init, {
    whole: { from: 0, to: units.length - 1 },
    isWhole: true,
    lines: [],
    option: ({ view, width, tokens }) =>
      profileOption({
        units,
        values: {
          step: null,
          now: mean!,
          norms: null,
          band: { label: `epoch ${profile.epoch}`, mean: mean!, min: min!, max: max! },
        },
        ...{ range, colours: range, reach: reachOf([mean, min, max], range), view, delta: null, tokens, width },
        names: { x: 'block', y: 'ratio' },
      }),
    told: (x) => {
      const unit = Math.round(x)
      return units[unit] ? [`${units[unit].name}: ${figure(mean![unit]!)} (${figure(min![unit]!)} … ${figure(max![unit]!)})`] : []
    },
    xName: 'block',
  })
}

const charts: LiveChart[] = []
for (const [i, chart] of data.charts.entries()) charts.push(curveChart(document.getElementById(`chart-${i}`)!, chart))
for (const [i, profile] of data.profiles.entries()) charts.push(profileChart(document.getElementById(`profile-${i}`)!, profile))

/** Between the margins of A4 (report.css), CSS pixels: before a page is printed it is still as wide as its window. Three charts have room on a page. */
const PAPER = { width: Math.floor((182 / 25.4) * 96), height: 240 }

function drawAll(paper?: typeof PAPER): void {
  const tokens = readTokens(dark.matches && paper === undefined)
  for (const chart of charts) chart.draw(tokens, paper)
}
drawAll()
dark.addEventListener('change', () => drawAll())
window.addEventListener('resize', () => drawAll())
window.addEventListener('beforeprint', () => drawAll(PAPER))
window.addEventListener('afterprint', () => drawAll())
document.documentElement.dataset['drawn'] = 'yes'
