/** What we use of ECharts, and no more. */
import { LineChart, ScatterChart } from 'echarts/charts'
import { DataZoomInsideComponent, GridComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([LineChart, ScatterChart, GridComponent, MarkAreaComponent, MarkLineComponent, DataZoomInsideComponent, CanvasRenderer])

export { init }
export type { ECharts, EChartsCoreOption as ChartOption } from 'echarts/core'
