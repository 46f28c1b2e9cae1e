import type { CanvasTokens } from '../../../renderer/theme/canvas-tokens'

/** Plain tokens for drawing charts without a page. */
export const chartTokens: CanvasTokens = {
  ...{ dark: false, font: 'sans-serif', ink: '#111', ink2: '#333', ink3: '#555', line: '#ddd', lineStrong: '#bbb' },
  ...{
    surface: '#fff',
    sunken: '#eee',
    accent: '#06c',
    failed: '#c00',
    under: '#00c',
    over: '#c60',
    notFinite: '#c0c',
    missing: '#888',
  },
  series: ['#010101', '#020202', '#030303', '#040404', '#050505', '#060606', '#070707', '#080808'],
  ratios: new Uint32Array(257),
}
