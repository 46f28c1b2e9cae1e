/** What we use of ECharts, and no more. */
import { CustomChart, LineChart, ParallelChart, ScatterChart } from 'echarts/charts'
import {
  DataZoomInsideComponent,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  ParallelComponent,
} from 'echarts/components'
import { init, use, type EChartsCoreOption } from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers'
import { xmlOnly } from './xml-text'

use([
  ...[LineChart, ScatterChart, CustomChart, ParallelChart],
  ...[GridComponent, MarkAreaComponent, MarkLineComponent, DataZoomInsideComponent, ParallelComponent],
  ...[CanvasRenderer, SVGRenderer, LabelLayout],
])

export { init }
export type { ECharts, EChartsCoreOption as ChartOption } from 'echarts/core'

/** A chart as SVG, without a page: for files. */
export function chartSvg(option: EChartsCoreOption, { width, height }: { width: number; height: number }): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption(option)
    return xmlOnly(chart.renderToSVGString())
  } finally {
    chart.dispose()
  }
}
