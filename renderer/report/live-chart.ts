import type { CanvasTokens } from '../theme/canvas-tokens'
import type { ChartOption, ECharts } from '../charts/echarts'
import { PLOT_LEFT, PLOT_RIGHT } from '../charts/plot-frame'

interface View {
  readonly from: number
  readonly to: number
}

export interface LiveContent {
  /** All of the horizontal axis. */
  readonly whole: View
  /** Whether its ends are whole numbers, a place each. */
  readonly isWhole?: boolean
  /** What the legend switches. */
  readonly lines: readonly { readonly name: string; readonly colour: number }[]
  readonly option: (drawn: { view: View; shown: readonly boolean[]; width: number; tokens: CanvasTokens }) => ChartOption
  /** What each line says at a place. */
  readonly told: (x: number) => readonly string[]
  readonly xName: string
}

/** A chart that one can look into: the wheel makes its axis wider and narrower, a double click shows all, the legend switches lines. */
export class LiveChart {
  private readonly chart: ECharts
  private readonly readout: HTMLElement
  private readonly shown: boolean[]
  private view: View
  private tokens: CanvasTokens | null = null

  constructor(
    private readonly host: HTMLElement,
    init: (host: HTMLElement, theme: null, options: { renderer: 'svg' }) => ECharts,
    private readonly content: LiveContent,
  ) {
    // As SVG it is as sharp on paper as on a screen.
    this.chart = init(host, null, { renderer: 'svg' })
    this.view = content.whole
    this.shown = content.lines.map(() => true)
    this.readout = host.parentElement!.querySelector('.readout')!
    const legend = host.parentElement!.querySelector('.legend')!
    for (const [i, { name, colour }] of content.lines.entries()) legend.append(this.legendKey(i, name, colour))
    host.addEventListener('wheel', (event) => this.zoom(event), { passive: false })
    host.addEventListener('dblclick', () => this.show(content.whole))
    host.addEventListener('mousemove', (event) => this.tell(event))
    host.addEventListener('mouseleave', () => (this.readout.textContent = ''))
  }

  /** @param size As large as the page has room for unless told. */
  draw(tokens: CanvasTokens | null = this.tokens, size?: { readonly width: number; readonly height: number }): void {
    if (!tokens) return
    this.tokens = tokens
    const { width, height } = size ?? { width: this.host.clientWidth, height: this.host.clientHeight }
    this.chart.resize({ width, height })
    this.chart.setOption(this.content.option({ view: this.view, shown: this.shown, width, tokens }), { notMerge: true })
  }

  private legendKey(i: number, name: string, colour: number): HTMLElement {
    const key = document.createElement('button')
    key.type = 'button'
    key.className = `key series-${(colour % 8) + 1}`
    key.textContent = name
    key.setAttribute('aria-pressed', 'true')
    key.addEventListener('click', () => {
      this.shown[i] = !this.shown[i]
      key.setAttribute('aria-pressed', String(this.shown[i]))
      this.draw()
    })
    return key
  }

  /** Where on the axis the pointer is. */
  private place({ clientX }: MouseEvent): number {
    const { left, width } = this.host.getBoundingClientRect()
    const share = (clientX - left - PLOT_LEFT) / (width - PLOT_LEFT - PLOT_RIGHT)
    const { from, to } = this.content.isWhole ? { from: this.view.from - 0.5, to: this.view.to + 0.5 } : this.view
    return from + Math.min(1, Math.max(0, share)) * (to - from)
  }

  private zoom(event: WheelEvent): void {
    event.preventDefault()
    const { whole, isWhole = false } = this.content
    const at = this.place(event)
    const factor = event.deltaY > 0 ? 1.25 : 0.8
    const round = (value: number): number => (isWhole ? Math.round(value) : value)
    const from = Math.max(whole.from, round(at - (at - this.view.from) * factor))
    const to = Math.min(whole.to, round(at + (this.view.to - at) * factor))
    if (to - from >= (isWhole ? 1 : (whole.to - whole.from) / 1000)) this.show({ from, to })
  }

  private show(view: View): void {
    this.view = view
    this.draw()
  }

  private tell(event: MouseEvent): void {
    const at = this.place(event)
    const { lines, told, xName } = this.content
    const said = told(at).map((text, i) => (lines[i] ? (this.shown[i] ? `${lines[i].name}: ${text}` : '') : text))
    this.readout.textContent = [
      `${xName} ${Math.round(at) + (this.content.isWhole ? 1 : 0)}`,
      ...said.filter((text) => text !== ''),
    ].join(' · ')
  }
}
