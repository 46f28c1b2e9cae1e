/**
 * The ten classes as outlines. Each function is a distance to the outline, negative inside, of a figure that fills about the circle of
 * radius 1 around the origin; near the outline it is close enough to the true distance for anti-aliasing.
 * `t` in [0, 1) varies what the class leaves open: how thick a ring is, how deep a crescent.
 */
export type Outline = (x: number, y: number, t: number) => number

const box = (x: number, y: number, width: number, height: number): number => Math.max(Math.abs(x) - width, Math.abs(y) - height)
const circle = (x: number, y: number, radius: number): number => Math.sqrt(x * x + y * y) - radius

const disc: Outline = (x, y) => circle(x, y, 0.9)

const ring: Outline = (x, y, t) => Math.abs(circle(x, y, 0.75)) - 0.14 - 0.1 * t

const square: Outline = (x, y) => box(x, y, 0.75, 0.75)

const frame: Outline = (x, y, t) => Math.abs(box(x, y, 0.65, 0.65)) - 0.12 - 0.1 * t

/** Equilateral: three half-planes. */
const triangle: Outline = (x, y) => Math.max(y, Math.abs(x) * Math.sin(Math.PI / 3) - y / 2) - 0.55

const cross: Outline = (x, y, t) => {
  const arm = 0.2 + 0.1 * t
  return Math.min(box(x, y, 0.95, arm), box(x, y, arm, 0.95))
}

/** Five points. The plane is folded onto a tenth of a turn, where one straight edge goes from the tip to the notch. */
const star: Outline = (x, y, t) => {
  const fifth = (2 * Math.PI) / 5
  const angle = Math.abs(Math.atan2(x, -y) % fifth)
  const folded = Math.min(angle, fifth - angle)
  const length = Math.sqrt(x * x + y * y)
  const notch = 0.36 + 0.08 * t
  // Tip at (1, 0), notch at half of a fifth of a turn; the normal of the edge between them points outward.
  const edgeX = notch * Math.cos(fifth / 2) - 1
  const edgeY = notch * Math.sin(fifth / 2)
  const edge = Math.sqrt(edgeX * edgeX + edgeY * edgeY)
  return ((length * Math.cos(folded) - 1) * edgeY - length * Math.sin(folded) * edgeX) / edge
}

const crescent: Outline = (x, y, t) => Math.max(circle(x, y, 0.95), -circle(x - 0.45 - 0.1 * t, y, 0.75))

const bar: Outline = (x, y, t) => box(x, y, 1, 0.18 + 0.12 * t)

/** An L of two arms. */
const corner: Outline = (x, y, t) => {
  const arm = 0.17 + 0.08 * t
  return Math.min(box(x + 0.72 - arm, y, arm, 0.72), box(x, y - 0.72 + arm, 0.72, arm))
}

export const outlines: Readonly<Record<string, Outline>> = {
  disc,
  ring,
  square,
  frame,
  triangle,
  cross,
  star,
  crescent,
  bar,
  corner,
}
