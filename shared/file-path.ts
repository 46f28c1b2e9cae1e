import { z } from 'zod'

/**
 * A file's path on the lab's machine, absolute. A page (in the app's window or in a browser) shows what others made, and so never gets
 * to say which file the lab reads or writes: a request whose schema has one of these is refused on every port where it is filled.
 * The command line calls the lab without a port, with paths that its user typed; the app's main process can do the same with a path
 * from the system's own file dialog.
 */
export const FilePath = z.string().min(1).max(4096).meta({ isFilePath: true })

/** A path in an input, with the field that holds it: `weights.file`. */
export interface PathFound {
  readonly field: string
  readonly value: unknown
}

/**
 * The files that an input names, by its schema. Also of an input that has not been checked: what stands where a path may stand
 * counts as one.
 */
export function filePaths(schema: z.ZodType, input: unknown, field = ''): PathFound[] {
  if (input === undefined || input === null) return []
  if (z.globalRegistry.get(schema)?.['isFilePath'] === true) return [{ field, value: input }]
  const inner = parts(schema)
  if (inner.element)
    return Array.isArray(input) ? input.flatMap((value, i) => filePaths(inner.element!, value, `${field}[${i}]`)) : []
  if (inner.shape) {
    if (typeof input !== 'object') return []
    return Object.entries(inner.shape).flatMap(([name, part]) =>
      filePaths(part, (input as Record<string, unknown>)[name], field === '' ? name : `${field}.${name}`),
    )
  }
  const found = (inner.choices ?? []).flatMap((choice) => filePaths(choice, input, field))
  return found.filter(({ field: name }, i) => found.findIndex((other) => other.field === name) === i)
}

/** Whether an input of this schema can name a file at all. */
export function canNameFile(schema: z.ZodType): boolean {
  if (z.globalRegistry.get(schema)?.['isFilePath'] === true) return true
  const { element, shape, choices = [] } = parts(schema)
  return [...(element ? [element] : []), ...Object.values(shape ?? {}), ...choices].some(canNameFile)
}

/** What a schema is made of. Others than these hold no paths. */
function parts(schema: z.ZodType): {
  readonly element?: z.ZodType
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly choices?: readonly z.ZodType[]
} {
  if (schema instanceof z.ZodArray) return { element: schema.element as z.ZodType }
  if (schema instanceof z.ZodObject) return { shape: schema.shape as Record<string, z.ZodType> }
  if (schema instanceof z.ZodUnion) return { choices: schema.options as readonly z.ZodType[] }
  if (schema instanceof z.ZodPipe) return { choices: [schema.in as z.ZodType, schema.out as z.ZodType] }
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  )
    return { choices: [schema.unwrap() as z.ZodType] }
  return {}
}
