import { z } from 'zod'
import { elements } from '../../shared/ops/op'
import { UserError } from '../../shared/errors'
import { parseJson } from '../../shared/json-text'
import { complaintOf } from '../../shared/plain-words'
import type { Constant } from './onnx/model'
import { SafetensorsReader } from './safetensors'
import { scanJson } from './safetensors/scan-json'

/** What `export_network` of the recorder writes: a safetensors file with the calls of a forward pass, as torch.fx has them, in its words. */
const FORMAT = 'normlab/fx/1'
const MOST_CALLS = 50_000
const MOST_LENGTH = 2 ** 31

/** What a call is given: what an earlier one returned, a tensor of the state dict, or a plain value. */
export type FxValue =
  | null
  | boolean
  | number
  | string
  | readonly FxValue[]
  | { readonly node: string }
  | { readonly tensor: string }
  | { readonly slice: readonly FxValue[] }
  | { readonly other: string }

const Value: z.ZodType<FxValue> = z.lazy(() =>
  z.union([
    z.null(),
    z.boolean(),
    z.number(),
    z.string(),
    z.array(Value),
    z.strictObject({ node: z.string() }),
    z.strictObject({ tensor: z.string() }),
    z.strictObject({ slice: z.array(Value).length(3) }),
    z.strictObject({ other: z.string() }),
  ]),
)
const Side = z.number().int().min(0).max(MOST_LENGTH)

const Call = z.object({
  name: z.string().regex(/^\w+$/).max(1000),
  /** `torch.nn.Conv2d`, `flatten`; `placeholder` for what enters and `output` for what leaves. */
  call: z.string().min(1).max(200),
  /** Of a module, its name in the network. */
  path: z.string().max(1000).optional(),
  args: z.array(Value),
  options: z.record(z.string(), Value),
  /** Of the tensor that it returned for two images; empty for several, absent for a plain value. */
  shape: z.array(Side).max(16).optional(),
})
export type FxCall = z.infer<typeof Call>

const Graph = z.object({
  input: z.array(Side.min(1)).length(3),
  calls: z.array(Call).min(1).max(MOST_CALLS),
  /** Of tensors that are made of the same numbers, the names of the weights that those are. */
  shared: z.record(z.string(), z.array(z.string().max(1000)).min(1).max(100)).default({}),
  /** Of tensors that PyTorch works out at every step, by what. */
  parametrised: z.record(z.string(), z.string().max(200)).default({}),
})

/** A network of PyTorch as torch.fx has it. */
export interface FxNetwork {
  readonly producer: string
  /** Channels, height, width of an image. */
  readonly input: readonly number[]
  /** Each behind those whose values it takes. */
  readonly calls: readonly FxCall[]
  /** Of a tensor that is made of the same numbers as another one, the names of the weights that those are. */
  readonly shared: Readonly<Record<string, readonly string[]>>
  /** Of a tensor that PyTorch works out at every step, by what: `SpectralNorm`. */
  readonly parametrised: Readonly<Record<string, string>>
  /** Of the state dict. */
  tensor(name: string): Constant | undefined
  close(): void
}

/**
 * Opens a file of the recorder's; its owner closes it.
 *
 * @param called What messages call it.
 * @throws UserError where it is none, or is damaged.
 */
export function openFx(file: string, called = file): FxNetwork {
  const reader = SafetensorsReader.open(file, called)
  try {
    const { metadata } = reader
    if (metadata['format'] !== FORMAT || metadata['graph'] === undefined)
      throw new UserError('there is no network of the recorder’s in it', { place: called, remedy: REMEDY })
    const { input, calls, shared, parametrised } = readGraph(metadata['graph'], called)
    return {
      ...{ producer: metadata['producer'] ?? '', input, calls, shared, parametrised },
      tensor: (name) => {
        if (!reader.has(name)) return undefined
        const { shape } = reader.info(name)
        const length = elements(shape)
        return { dims: shape, length, floats: () => reader.readFloats(name), integers: () => undefined, isTold: false }
      },
      close: () => reader.close(),
    }
  } catch (error) {
    reader.close()
    throw error
  }
}

const REMEDY = 'write it with export_network(model, "net.fx") of normlab_recorder.py'

function readGraph(text: string, called: string): z.infer<typeof Graph> {
  const fault = (problem: string): UserError => new UserError(problem, { place: called, remedy: REMEDY })
  if (scanJson(text).isDeep) throw fault('its calls are given lists in one another deeper than any network has them')
  const parsed = Graph.safeParse(parseJson(text, `${called}: graph`))
  if (!parsed.success) {
    const { path, message } = complaintOf(parsed.error)
    throw fault(`${path.join('.') || 'the graph'} ${message}`)
  }
  const known = new Set<string>()
  for (const { name, args, options } of parsed.data.calls) {
    for (const { node } of nodesIn([args, ...Object.values(options)]))
      if (!known.has(node)) throw fault(`the call "${name}" takes what "${node}" returns, which does not come before it`)
    if (known.has(name)) throw fault(`two calls have the name "${name}"`)
    known.add(name)
  }
  return parsed.data
}

export const isList = (value: FxValue | undefined): value is readonly FxValue[] => Array.isArray(value)

/** What earlier calls returned, wherever it stands among values. */
export function nodesIn(value: FxValue): { readonly node: string }[] {
  if (isList(value)) return value.flatMap(nodesIn)
  if (value === null || typeof value !== 'object') return []
  if ('slice' in value) return nodesIn(value.slice)
  return 'node' in value ? [value] : []
}
