import { computed, onScopeDispose, shallowReactive, type ComputedRef } from 'vue'
import { type Command, type CommandId, type Scope, COMMANDS, commandCalled } from '../../shared/commands'
import { hasOwnKey, keyOf } from './keys'

/** What a page does for a command that it has. */
export interface Hand {
  /** @param text What is pasted. */
  perform(text?: string): unknown
  /** Whether it can be done now; always, where it does not tell. */
  isEnabled?(): boolean
  /** In place of the label, where it depends: `Undo: Make a block`. */
  label?(): string
}
export type Hands<Id extends CommandId = CommandId> = Readonly<Record<Id, Hand>>

/** A command together with what it does. */
export interface BoundCommand extends Command<CommandId> {
  /** @returns whether it was done. */
  perform(text?: string): boolean
  isEnabled(): boolean
  /** Its label as things stand. */
  words(): string
}

const bound = shallowReactive(new Map<CommandId, Hand>())
/** Whether keys of a scope hold for what has the focus; a scope that nobody speaks for has none. */
const scopes = new Map<Scope, (event: KeyboardEvent) => boolean>()

/** Makes a command known; the newest hand of an id counts. @returns what takes the hand away. */
export function bindHand(id: CommandId, hand: Hand): () => void {
  bound.set(id, hand)
  return () => bound.get(id) === hand && bound.delete(id)
}

/** Makes commands known while the caller's scope lives. */
export function useCommands(hands: Partial<Hands>): void {
  const leave = (Object.entries(hands) as [CommandId, Hand][]).map(([id, hand]) => bindHand(id, hand))
  onScopeDispose(() => leave.forEach((each) => each()))
}

/** Says where the keys of a scope hold, while the caller's scope lives; without a word of it they hold as those of `everywhere` do. */
export function useKeysOf(scope: Scope, holds: (event: KeyboardEvent) => boolean): void {
  scopes.set(scope, holds)
  onScopeDispose(() => scopes.get(scope) === holds && scopes.delete(scope))
}

const withHand = (command: Command<CommandId>, hand: Hand): BoundCommand => ({
  ...command,
  isEnabled: () => hand.isEnabled?.() ?? true,
  words: () => hand.label?.() ?? command.label,
  perform(text) {
    if (hand.isEnabled?.() === false) return false
    void hand.perform(text)
    return true
  },
})

/** The commands that the open page and the shell have, in the registry's order. */
export function useBoundCommands(): ComputedRef<readonly BoundCommand[]> {
  return computed(() =>
    COMMANDS.flatMap((command) => {
      const hand = bound.get(command.id)
      return hand ? [withHand(command, hand)] : []
    }),
  )
}

/** @returns whether there is such a command now, and it can be done. */
export function performCommand(id: string, text?: string): boolean {
  const command = commandCalled(id)
  const hand = command && bound.get(command.id)
  return command !== undefined && hand !== undefined && withHand(command, hand).perform(text)
}

/** The one listener to keys; once, in the shell. */
export function listenToKeys(): void {
  const listener = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return
    const key = keyOf(event)
    const found = COMMANDS.find(
      (command) =>
        command.keys.includes(key) && !command.hasOwnEvent && bound.has(command.id) && holds(command.scope, event, key),
    )
    if (!found) return
    event.preventDefault()
    if (!event.repeat || found.repeats) performCommand(found.id)
  }
  window.addEventListener('keydown', listener)
  onScopeDispose(() => window.removeEventListener('keydown', listener))
}

function holds(scope: Scope, event: KeyboardEvent, key: string): boolean {
  const own = scopes.get(scope)
  return own ? own(event) : key.startsWith('Ctrl+') || !hasOwnKey(event.target, key)
}
