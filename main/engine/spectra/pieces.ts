import { boundaries, type ExpandedNetwork, type ExpandedUnit } from '../../../shared/architecture'
import { UserError } from '../../../shared/errors'

/** A piece of a network that was asked for by the names of its ends. */
export interface NamedPiece {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly kind: ExpandedUnit['kind'] | 'chain'
  /** Layers whose values are its ends. */
  readonly start: number
  readonly end: number
  /** Where it is one unit by itself. */
  readonly unit: ExpandedUnit | undefined
}

/**
 * Pieces by name: from what enters a unit, or the `input`, to what leaves one, or the `logits`; every unit by itself where none are named.
 *
 * @throws UserError where there is no such unit, or a piece ends before it begins.
 */
export function piecesOf(
  network: ExpandedNetwork,
  asked: readonly { readonly from: string; readonly to: string }[] | undefined,
): NamedPiece[] {
  const layers = boundaries(network)
  const units = network.units.map(({ name }) => name)
  if (!asked && units.length === 0)
    throw new UserError('it has no units', { place: `network "${network.name}"`, remedy: 'ask from input to logits' })
  return (asked ?? units.map((name) => ({ from: name, to: name }))).map(({ from, to }) => {
    const start = from === 'input' ? network.input : layers[indexOf(network, from)]!
    const end = to === 'logits' ? network.logits : layers[indexOf(network, to) + 1]!
    const name = from === to ? from : `${from} to ${to}`
    if (start >= end)
      throw new UserError(`${to} ends before ${from} begins`, {
        place: name,
        remedy: 'name the ends in the order of the network',
      })
    const unit = from === to ? network.units[indexOf(network, from)] : undefined
    return { name, from, to, start, end, unit, kind: unit?.kind ?? 'chain' }
  })
}

function indexOf(network: ExpandedNetwork, name: string): number {
  const index = network.units.findIndex((unit) => unit.name === name)
  if (index >= 0) return index
  const names = network.units.map((unit) => unit.name)
  throw new UserError(`there is no unit "${name.slice(0, 100)}"`, {
    place: `network "${network.name}"`,
    remedy: `it has ${names.slice(0, 12).join(', ')}${names.length > 12 ? `, … (${names.length} in all)` : ''}`,
  })
}
