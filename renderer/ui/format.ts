/** Numbers as people read them. What was not measured is a dash, never a zero. */

const DASH = '–'

type Maybe = number | null | undefined

function special(value: Maybe): string | null {
  if (value === null || value === undefined) return DASH
  if (Number.isNaN(value)) return 'NaN'
  if (value === Infinity) return '∞'
  if (value === -Infinity) return '−∞'
  return null
}

/** Three digits after the first: 0.9984, 1.023, 12.31, 4.2e+5. */
export function formatRatio(value: Maybe): string {
  return special(value) ?? significant(value!, 4)
}

export function formatLoss(value: Maybe): string {
  return special(value) ?? significant(value!, 4)
}

/** Share 0–1 as a percentage. */
export function formatPercent(share: Maybe, digits = 1): string {
  return special(share) ?? `${(share! * 100).toFixed(digits)} %`
}

export function significant(value: number, digits: number): string {
  if (value === 0) return '0'
  const magnitude = Math.floor(Math.log10(Math.abs(value)))
  if (magnitude >= 5 || magnitude <= -5) return value.toExponential(Math.max(1, digits - 2)).replace('e+', 'e')
  return value.toFixed(Math.min(8, Math.max(0, digits - 1 - magnitude)))
}

/** As few digits as tell the value to four of them: 0.001, 2e-14, 12.5. */
export function plainNumber(value: number): string {
  const told = special(value)
  if (told) return told
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return Number(value.toPrecision(4)).toExponential().replace('e+', 'e')
  return String(Number(value.toPrecision(4)))
}

/**
 * whole × 10^exponent with all its digits, for the labels of one axis: they have the same exponent, so that no two are alike.
 * @param greatest Of the axis, in size: small and large ones are told by powers of ten.
 */
export function formatDecimal(whole: number, exponent: number, greatest: number): string {
  if (whole === 0) return '0'
  const digits = String(Math.abs(whole))
  const sign = whole < 0 ? '-' : ''
  const [first, rest] = [digits[0]!, digits.slice(1).replace(/0+$/, '')]
  const power = `${sign}${first}${rest && '.'}${rest}e${exponent + digits.length - 1}`
  const plain = Number(`${whole}e${exponent}`).toFixed(Math.min(100, Math.max(0, -exponent)))
  return greatest < 1e-3 || (greatest >= 1e6 && power.length < plain.length) ? power : plain
}

/** whole × 10^exponent likewise, as counts are told: 12.5k, 1.2M. */
export function formatShortCount(whole: number, exponent: number, greatest: number): string {
  const [power, unit] = greatest >= 1e6 ? [6, 'M'] : greatest >= 1e4 ? [3, 'k'] : [0, '']
  if (whole === 0) return '0'
  return `${formatDecimal(whole, exponent - power, 1)}${unit}`
}

/** 12 345 with thin spaces. */
export function formatCount(value: Maybe): string {
  return (
    special(value) ??
    Math.round(value!)
      .toString()
      .replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f')
  )
}

/** A sentence of the lab's, which tells counts as `10,000`, with them as pages tell them. */
export function spacedCounts(sentence: string): string {
  return sentence.replace(/(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,]|\.\d)/g, (count) => count.replaceAll(',', '\u202f'))
}

/** The same with its thing: `1 image`, `12 345 images`. @param many What several are called; the thing with -s or -es where absent. */
export function formatCounted(count: number, thing: string, many = `${thing}${thing.endsWith('s') ? 'es' : 's'}`): string {
  return `${formatCount(count)} ${count === 1 ? thing : many}`
}

/** 1.53 M, 42.1 G, 830. */
export function formatLarge(value: Maybe): string {
  const told = special(value)
  if (told) return told
  for (const [size, letter] of [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (value! >= size) return `${significant(value! / size, 3)}\u202f${letter}`
  }
  return Math.round(value!).toString()
}

export function formatMilliseconds(ms: Maybe): string {
  const told = special(ms)
  if (told) return told
  if (ms! >= 1000) return `${significant(ms! / 1000, 3)} s`
  return `${significant(ms!, ms! < 100 ? 2 : 3)} ms`
}

/** 42 s, 3 min 10 s, 1 h 48 min, 2 d 3 h. */
export function formatDuration(seconds: Maybe): string {
  const told = special(seconds)
  if (told) return told
  const whole = Math.max(0, Math.round(seconds!))
  if (whole < 60) return `${whole} s`
  if (whole < 600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  if (whole < 3600) return `${Math.round(whole / 60)} min`
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`
}

/** `about 12 s` of an estimate; less than a second is told so. */
export function formatAboutDuration(seconds: Maybe): string {
  const told = special(seconds)
  return told ?? (seconds! < 1 ? 'less than 1 s' : `about ${formatDuration(seconds)}`)
}

/** How long ago: just now, 5 min ago, 3 h ago, 2 d ago. */
export function formatAge(iso: string, now: number): string {
  const seconds = (now - Date.parse(iso)) / 1000
  if (!Number.isFinite(seconds)) return DASH
  if (seconds < 45) return 'just now'
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`
  return `${Math.round(seconds / 86_400)} d ago`
}

/** 2026-11-24 03:11, in the reader's own time zone. */
export function formatMoment(iso: string | null): string {
  const at = new Date(iso ?? NaN)
  if (Number.isNaN(at.getTime())) return DASH
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`
}

/** 1.53 GB, 42.1 MB, 830 B; up to petabytes. */
export function formatBytes(bytes: number): string {
  for (const [size, unit] of [
    [1e15, 'PB'],
    [1e12, 'TB'],
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ] as const)
    if (bytes >= size) return `${significant(bytes / size, 3)}\u202f${unit}`
  return `${Math.round(bytes)}\u202fB`
}
