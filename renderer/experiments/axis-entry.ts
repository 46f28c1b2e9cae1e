import { z } from 'zod'
import { DataChoice, Training } from '../../shared/configuration'
import type { Axis } from '../../shared/experiments/experiment'

/** Every setting that an axis can vary: `network`, `seed`, `training.rate`, `data.name`, … */
export function settingPaths(): string[] {
  return ['network', ...leaves(DataChoice, 'data'), ...leaves(Training, 'training')]
}

function leaves(schema: z.ZodType, path: string): string[] {
  const inner = bare(schema)
  if (!(inner instanceof z.ZodObject)) return [path]
  return Object.entries(inner.shape as Record<string, z.ZodType>).flatMap(([name, field]) => leaves(field, `${path}.${name}`))
}

/** A schema without its optional and default wrappings. */
function bare(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return bare(schema.unwrap() as z.ZodType)
  return schema
}

/**
 * Values of one setting as an axis: words and numbers separated by commas, or by semicolons where the values themselves have
 * commas (`resnet:blocks=3,widths=4/8; plain:blocks=3`).
 */
export function axisOfValues(path: string, text: string): Axis {
  const short = path.split('.').pop() ?? path
  const parts = text
    .split(text.includes(';') || path === 'network' ? ';' : ',')
    .map((part) => part.trim())
    .filter(Boolean)
  return {
    name: short,
    variants: parts.map((part) => ({
      label: path === 'network' ? part : `${short} ${part}`,
      set: { [path]: valueOf(part) },
    })),
  }
}

/** What an axis of one setting was made from; null where it is of another kind. */
export function valuesOfAxis({ variants }: Axis): { path: string; text: string } | null {
  const paths = new Set(variants.flatMap(({ set }) => Object.keys(set)))
  const path = [...paths][0]
  if (paths.size !== 1 || path === undefined) return null
  const texts = variants.map(({ set }) => {
    const value = set[path]
    return typeof value === 'string' ? value : JSON.stringify(value)
  })
  return { path, text: texts.join(path === 'network' || texts.some((text) => text.includes(',')) ? '; ' : ', ') }
}

function valueOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  if (text !== '' && Number.isFinite(Number(text))) return Number(text)
  if (/^[[{"]/.test(text)) {
    try {
      return JSON.parse(text)
    } catch {
      return text
    }
  }
  return text
}
