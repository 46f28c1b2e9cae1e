/** The tokens that canvases need as plain colours. */
export interface CanvasTokens {
  readonly dark: boolean
  readonly font: string
  readonly ink: string
  readonly ink2: string
  readonly ink3: string
  readonly line: string
  readonly lineStrong: string
  readonly surface: string
  readonly sunken: string
  readonly accent: string
  readonly failed: string
  readonly under: string
  readonly over: string
  readonly notFinite: string
  readonly missing: string
  readonly series: readonly string[]
  /** Colours of the ratio, by `ratioIndex`. */
  readonly ratios: Uint32Array
}
