import { UserError } from '../../../shared/errors'
import { OtherTensor, TorchTensor } from './world'

type Tensors = Map<string, TorchTensor | OtherTensor>

/** Under which names programs keep a module's state beside other things; the first that there is is taken. */
const USUAL = ['state_dict', 'model_state_dict', 'net', 'model', 'network', 'module', 'weights', 'params', 'ema_state_dict']
/** What wrappers put before every name: DataParallel, torch.compile. */
const WRAPPERS = ['module.', '_orig_mod.']
/** Dictionaries in one another. */
const MOST_DEPTH = 4
/** Values whose names are told. */
const TOLD = 8

/**
 * Finds the tensors by name in what a file holds: bare, or under one of the usual names beside other things.
 *
 * @throws UserError where there are none, or several sets of them.
 */
export function findState(value: unknown, place: string): { readonly tensors: Tensors; readonly remarks: readonly string[] } {
  const { tensors: found, at } = search(value, place, '', 0)
  const remarks: string[] = []
  if (at.length > 0) {
    const others = value instanceof Map ? [...value.keys()].filter((key) => key !== at[0]).map(String) : []
    remarks.push(`read from its "${at.join('.')}"${others.length > 0 ? `; passed over: ${some(others)}` : ''}`)
  }
  const { tensors, taken } = withoutWrappers(found)
  for (const wrapper of taken) remarks.push(`"${wrapper}" was taken off every name`)
  const unread = [...tensors].filter(([, tensor]) => tensor instanceof OtherTensor).map(([name]) => name)
  if (unread.length > 0) remarks.push(`not read, as they are no plain tensors of numbers: ${some(unread)}`)
  return { tensors, remarks }
}

function search(value: unknown, place: string, path: string, depth: number): { tensors: Tensors; at: string[] } {
  if (isTensor(value))
    throw new UserError('it holds a tensor without a name', { place, remedy: 'save a dictionary of tensors: model.state_dict()' })
  if (!(value instanceof Map) || depth >= MOST_DEPTH) throw none(place)
  const seen = new Set<unknown>()
  const dictionaries = [...value].filter(
    (entry): entry is [string, Map<unknown, unknown>] =>
      typeof entry[0] === 'string' && entry[1] instanceof Map && holdsTensors(entry[1], depth + 1, seen),
  )
  const usual = USUAL.flatMap((name) => dictionaries.filter(([key]) => key === name))[0]
  const direct = new Map(
    [...value].filter((entry): entry is [string, TorchTensor] => typeof entry[0] === 'string' && isTensor(entry[1])),
  )
  if (!usual && direct.size > 0) return { tensors: direct, at: [] }
  const candidates = dictionaries.filter(([key]) => !/optim|sched|scaler/i.test(key))
  const chosen = usual ?? (candidates.length === 1 ? candidates[0] : undefined)
  if (!chosen) {
    if (candidates.length === 0) throw none(place)
    throw new UserError(`it holds several sets of tensors: ${some(candidates.map(([key]) => path + key))}`, {
      place,
      remedy: 'save the one that is meant by itself',
    })
  }
  const { tensors, at } = search(chosen[1], place, `${path}${chosen[0]}.`, depth + 1)
  return { tensors, at: [chosen[0], ...at] }
}

const isTensor = (value: unknown): value is TorchTensor | OtherTensor =>
  value instanceof TorchTensor || value instanceof OtherTensor

/** @param seen Those in which none was found, with one that lies in itself or in many others. */
function holdsTensors(value: Map<unknown, unknown>, depth: number, seen: Set<unknown>): boolean {
  if (seen.has(value)) return false
  seen.add(value)
  for (const inner of value.values())
    if (isTensor(inner) || (depth < MOST_DEPTH && inner instanceof Map && holdsTensors(inner, depth + 1, seen))) {
      seen.delete(value)
      return true
    }
  return false
}

function withoutWrappers(tensors: Tensors): { tensors: Tensors; taken: string[] } {
  const taken: string[] = []
  let names = [...tensors.keys()]
  for (;;) {
    const wrapper = WRAPPERS.find((word) => names.every((name) => name.startsWith(word) && name.length > word.length))
    if (wrapper === undefined) break
    names = names.map((name) => name.slice(wrapper.length))
    taken.push(wrapper)
  }
  const values = [...tensors.values()]
  return { tensors: new Map(names.map((name, i) => [name, values[i]!])), taken }
}

const some = (names: readonly string[]): string =>
  names
    .slice(0, TOLD)
    .map((name) => name.slice(0, 80))
    .join(', ') + (names.length > TOLD ? `, … (${names.length} in all)` : '')

function none(place: string): UserError {
  return new UserError('it holds no tensors by name', { place, remedy: 'save model.state_dict()' })
}
