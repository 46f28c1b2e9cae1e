import { describe, expect, it } from 'vitest'
import type { CanvasTokens } from '../../../renderer/theme/canvas-tokens'
import { type BlockView, draw } from '../../../renderer/designer/canvas/drawing'
import { networkSvg, pngSize, type PictureOptions } from '../../../renderer/designer/exchange/picture'
import { labelArea, overlaps } from '../../../renderer/designer/exchange/label-places'
import { ratioCaption, unitNames } from '../../../renderer/designer/exchange/picture-ratios'
import { fitted, xmlText } from '../../../renderer/designer/exchange/picture-text'
import { listPresets, networkFromPreset } from '../../../shared/architecture'
import { checkNetwork } from '../../../shared/architecture/check'

const tokens: CanvasTokens = {
  ...{ dark: false, font: 'sans-serif', ink: '#111', ink2: '#222', ink3: '#333', line: '#ddd', lineStrong: '#ccc' },
  ...{
    surface: '#fefefe',
    sunken: '#f5f5f5',
    accent: '#35c',
    failed: '#b00',
    under: '#00f',
    over: '#f00',
    missing: '#999',
    notFinite: '#a0a',
  },
  series: [],
  ratios: new Uint32Array(259).map((_, index) => index),
}

function picture(words: string, options: Partial<PictureOptions> = {}, views: [string, BlockView][] = []) {
  const document = networkFromPreset(words)
  const check = checkNetwork(document)
  return networkSvg(draw(document, new Map(views), check), check, { tokens, title: words, ...options })
}
const count = (text: string, part: string): number => text.split(part).length - 1

describe('a network’s picture', () => {
  it('is an SVG of boxes and text, with repeats and shapes, and of its own size', () => {
    const { svg, width, height } = picture('resnet-20')
    expect(svg).toMatch(new RegExp(`^<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"`))
    for (const words of ['>resnet-20<', '>Global average pooling<', '>stage1<', '>32×32×16<', '272\u202fk parameters · depth 20'])
      expect(svg).toContain(words)
    expect(svg).not.toContain('foreignObject')
    expect(svg).not.toContain('var(')
  })

  it('draws an opened block’s skip as an arc and says how often a block is repeated', () => {
    const opened = picture('resnet-20', {}, [
      ['stage1', 'open'],
      ['stage1/block', 'open'],
      ['stage2', 'open'],
    ])
    expect(count(opened.svg, `fill="none" stroke="${tokens.accent}"`)).toBe(1)
    expect(opened.svg).toContain('>block  ×3<')
    expect(opened.svg).toContain('>×2<')
  })

  it('marks transitions and explains the mark', () => {
    expect(picture('proc-resnet:blocks=3').svg).toContain('>transition<')
    expect(picture('plain:blocks=3').svg).not.toContain('>transition<')
  })

  it('colours blocks by their ratios, with numbers and a legend', () => {
    const ratios = new Map([1, 2, 3].map((block) => [`stage1.block${block}`, block / 2]))
    const { svg } = picture('proc-resnet:blocks=3', { ratios }, [['stage1', 'open']])
    expect(svg).toContain('r 0.5000–1.500')
    expect(svg).toContain('>0.1<')
    expect(picture('proc-resnet:blocks=3').svg).not.toContain('>0.1<')
    expect(picture('proc-resnet:blocks=3', { ratios }).svg).toContain('>3 blocks  r 0.5000–1.500<')
  })

  it('marks ratios outside of its range, in the legend and at their block, and says what they are of', () => {
    const ratios = new Map([1, 2, 3].map((block) => [`stage1.block${block}`, block]))
    const { svg } = picture('proc-resnet:blocks=3', { ratios, range: 2, caption: ratioCaption(null, true) })
    expect(svg).toContain('r 1.000–3.000\u202f▸<')
    for (const words of ['>◂<', '>▸<', '>at initialisation, projected<']) expect(svg).toContain(words)
    for (const colour of [0, 257]) expect(svg).toContain(`fill="rgb(${colour & 255} ${colour >> 8} 0)"`)
    expect(ratioCaption('w1.safetensors', false)).toBe('with the weights w1.safetensors, plain')
  })

  it('writes no shape on another', () => {
    const { svg } = picture('resnet-20', {}, [
      ['stage2', 'open'],
      ['stage2/block1', 'open'],
      ['stage3', 'open'],
      ['stage3/block1', 'open'],
    ])
    const labels = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)" font-size="10" text-anchor="(start|end)"[^>]*>([^<]*)</g)]
    const areas = labels.map(([, x, y, anchor, words]) =>
      labelArea({ x: Number(x), y: Number(y), anchor: anchor as 'start' | 'end' }, words!),
    )
    expect(areas.length).toBeGreaterThan(20)
    expect(areas.some((a, i) => areas.some((b, j) => j > i && overlaps(a, b)))).toBe(false)
  })

  it('lies on white or on the theme’s surface', () => {
    expect(picture('plain-8').svg).toContain('fill="#ffffff"/>')
    expect(picture('plain-8', { background: 'theme' }).svg).toContain(`height="100%" fill="${tokens.surface}"`)
  })

  it('holds every preset within its frame', () => {
    for (const { example } of listPresets()) {
      const { svg, width } = picture(example)
      const shift = Number(/<g transform="translate\((\d+)/.exec(svg)![1])
      for (const [, x, w] of svg.slice(svg.indexOf('<g transform')).matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g))
        expect(shift + Number(x) + Number(w)).toBeLessThanOrEqual(width)
    }
  })

  it('is well-formed whatever the network is called', () => {
    expect(xmlText('a<b>&"c"\u0001\ud800d')).toBe('a&lt;b&gt;&amp;&quot;c&quot;d')
    expect(xmlText('😀')).toBe('😀')
    expect(picture('plain-8', { title: '</svg><script>' }).svg).not.toContain('<script>')
  })

  it('cuts words that do not fit', () => {
    expect(fitted('short', 200, 12)).toBe('short')
    expect(fitted('a very long name of a layer', 60, 12)).toMatch(/^a very.*…$/)
  })
})

describe('the copies that a path stands for', () => {
  it('are named as the lab names units, from the first', () => {
    const check = checkNetwork(networkFromPreset('resnet-20'))
    expect(unitNames('stage1/block', check)).toEqual(['stage1.block1', 'stage1.block2', 'stage1.block3'])
    expect(unitNames('stage2/block', check)).toEqual(['stage2.block2', 'stage2.block3'])
    expect(unitNames('stem', check)).toEqual(['stem'])
  })
})

describe('the size of a PNG', () => {
  it('is the picture’s own where an image can hold it', () =>
    expect(pngSize({ width: 500, height: 1600 })).toEqual({ width: 500, height: 1600, scale: 1 }))

  it('is scaled down where a side or the area is too large', () => {
    expect(pngSize({ width: 500, height: 80_000 })).toEqual({ width: 50, height: 8000, scale: 0.1 })
    const { width, height, scale } = pngSize({ width: 7900, height: 7900 })
    expect(scale).toBeLessThan(1)
    expect(width * height * 4).toBeLessThanOrEqual(64e6)
  })
})
