import { useDevicePixelRatio } from '@vueuse/core'
import { onBeforeUnmount, onMounted, shallowRef, watch, type ShallowRef, type WatchSource } from 'vue'
import { init, type ChartOption, type ECharts } from './echarts'
import { useSight } from './use-sight'

/**
 * An ECharts instance in `host` that is drawn again, at most once a frame, when one of `sources` changes or the host's
 * size does; `option` gets the size in CSS pixels. Where a pixel becomes another (zoom, another screen), the canvas is made anew.
 */
export function useEChart(
  host: Readonly<ShallowRef<HTMLElement | null>>,
  sources: WatchSource<unknown>[],
  option: (size: { width: number; height: number }) => ChartOption,
): { chart: Readonly<ShallowRef<ECharts | null>>; redraw: () => void } {
  const chart = shallowRef<ECharts | null>(null)
  let frame = 0
  let observer: ResizeObserver | null = null
  const { pixelRatio } = useDevicePixelRatio()
  const { seen, watchSight } = useSight(() => redraw())

  function draw(): void {
    frame = 0
    const instance = chart.value
    if (!instance || instance.isDisposed() || !host.value) return
    const { clientWidth: width, clientHeight: height } = host.value
    if (width === 0 || height === 0) return
    if (instance.getWidth() !== width || instance.getHeight() !== height) instance.resize({ width, height })
    instance.setOption(option({ width, height }), { replaceMerge: ['series'] })
  }
  function redraw(): void {
    if (frame === 0 && seen()) frame = requestAnimationFrame(draw)
  }

  function open(): void {
    chart.value?.dispose()
    chart.value = host.value && init(host.value, null, { renderer: 'canvas', devicePixelRatio: pixelRatio.value })
  }

  onMounted(() => {
    if (!host.value) return
    open()
    observer = new ResizeObserver(redraw)
    observer.observe(host.value)
    watchSight(host.value)
    redraw()
  })
  watch(sources, redraw)
  watch(pixelRatio, () => {
    open()
    redraw()
  })
  onBeforeUnmount(() => {
    cancelAnimationFrame(frame)
    observer?.disconnect()
    chart.value?.dispose()
    chart.value = null
  })
  return { chart, redraw }
}
