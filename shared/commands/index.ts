import type { Command } from './command'
import { designerCommands } from './designer'
import { pageCommands } from './pages'
import { datasetCommands, runCommands, shellCommands, tourCommands } from './shell'

export { type Command, type Scope, type Section, conflicts } from './command'
export { accelerator, keyText } from './key-text'
export { placeCommands } from './shell'
export type { DesignerCommandId } from './designer'

const declared = [...shellCommands, ...tourCommands, ...runCommands, ...datasetCommands, ...pageCommands, ...designerCommands]

export type CommandId = (typeof declared)[number]['id']

/** All commands there are, in the order in which they are listed. */
export const COMMANDS: readonly Command<CommandId>[] = declared

const byId = new Map<string, Command<CommandId>>(COMMANDS.map((command) => [command.id, command]))

/** Undefined where there is none, as for a word from another process. */
export function commandCalled(id: string): Command<CommandId> | undefined {
  return byId.get(id)
}
