import { closest } from '../../shared/closest'
import { cutText } from '../../shared/cut-text'
import { UserError, isUserError } from '../../shared/errors'
import type { StartHost } from '../engine/hosts/host'
import { EngineDeath } from '../engine/supervisor'
import { NORMLAB_VERSION } from '../lab'
import { DamagedStore, StoreFailure } from '../store/failures'
import { parse } from './arguments'
import { type Command, type Output, runCommand } from './command'
import { cellCommands } from './cell'
import { clusterCommands } from './cluster'
import { compare } from './compare'
import { convert } from './convert'
import { datasetCommands } from './datasets'
import { diff } from './diff'
import { diskCommands } from './disk'
import { doctor } from './doctor'
import { engineCommands } from './engine'
import { evaluate, replay } from './evaluate'
import { experimentCommands } from './experiment'
import { commandHelp, overview } from './help'
import { inspect, presets, recipeList } from './inspect'
import { keepingCommands } from './keeping'
import { kernelCommands } from './kernels'
import { labSettingCommands } from './lab-settings'
import { libraryCommands } from './library'
import { machine } from './machine'
import { measure } from './measure'
import { byOption } from './option-places'
import { query } from './query'
import { report as reportCommand } from './report'
import { runCommands } from './runs'
import { againCommands } from './runs-again'
import { searchCommands } from './search'
import { serve } from './serve'
import { spectrum } from './spectrum'
import { storeCommands } from './store'
import { test } from './test'
import { theoryCommands } from './theory'
import { train } from './train'
import { weightMapCommands } from './weight-map'
import { weights } from './weights'

export const commands: readonly Command[] = [
  doctor,
  machine,
  presets,
  recipeList,
  inspect,
  diff,
  convert,
  measure,
  train,
  test,
  evaluate,
  replay,
  weights,
  ...weightMapCommands,
  spectrum,
  ...kernelCommands,
  ...datasetCommands,
  ...libraryCommands,
  ...runCommands,
  ...againCommands,
  ...labSettingCommands,
  compare,
  reportCommand,
  query,
  ...theoryCommands,
  ...experimentCommands,
  ...searchCommands,
  ...clusterCommands,
  ...cellCommands,
  ...storeCommands,
  ...keepingCommands,
  ...diskCommands,
  ...engineCommands,
  serve,
]

/**
 * The command line: `normlab COMMAND …`.
 *
 * @param argv Without the program's name.
 * @param startHost How engine hosts are started; as child processes where it is not said.
 * @returns the exit status: 0 done, 2 the input was wrong, 1 anything else.
 */
export async function program(argv: readonly string[], output: Output, startHost?: StartHost): Promise<number> {
  try {
    if (argv[0] === 'help' && argv.length > 1) {
      output.print(commandHelp(findCommand(argv.slice(1))))
      return 0
    }
    if (argv.length === 0 || argv[0] === 'help' || argv[0] === '--help' || argv[0] === '-h') {
      output.print(overview(commands, NORMLAB_VERSION))
      return 0
    }
    if (argv[0] === '--version') {
      output.print(NORMLAB_VERSION + '\n')
      return 0
    }
    const command = findCommand(argv)
    const words = parse(command, argv.slice(command.words.split(' ').length))
    if (words.flag('help')) {
      output.print(commandHelp(command))
      return 0
    }
    return await runCommand(command, words, output, startHost).catch((error: unknown) => {
      throw byOption(error, command)
    })
  } catch (error) {
    return report(error, output)
  }
}

/** One sentence for the reader; a mistake of the program keeps its stack where somebody asks for it. */
function report(error: unknown, output: Output): number {
  // What came from outside may be long, and may steer the terminal.
  const message = cutText(error instanceof Error ? error.message : String(error), 2000)
  output.say(`normlab: ${message}\n`)
  if (isUserError(error))
    return error instanceof EngineDeath || (error instanceof StoreFailure && !(error instanceof DamagedStore)) ? 1 : 2
  if (process.env.NORMLAB_DEBUG && error instanceof Error) output.say(`${error.stack}\n`)
  return 1
}

/** @throws UserError where no command is called so. */
export function findCommand(argv: readonly string[]): Command {
  const named = (count: number): Command | undefined => commands.find(({ words }) => words === argv.slice(0, count).join(' '))
  const found = named(2) ?? named(1)
  if (found) return found
  const family = commands.filter(({ words }) => words.startsWith(`${argv[0]} `)).map(({ words }) => words)
  if (family.length > 0) {
    const second = argv[1]
    if (second === undefined || second.startsWith('-'))
      throw new UserError(`${argv[0]} alone says too little`, { remedy: `use ${family.join(', ')}` })
    const meant = closest(`${argv[0]} ${second}`, family)
    throw new UserError(`there is no command "${argv[0]} ${cutText(second)}"`, {
      remedy: meant ? `perhaps normlab ${meant}` : `use ${family.join(', ')}`,
    })
  }
  const all = commands.map(({ words }) => words)
  const near = closest(argv.slice(0, 2).join(' '), all) ?? closest(argv[0]!, all)
  throw new UserError(`there is no command "${cutText(argv[0]!)}"`, {
    remedy: near ? `perhaps normlab ${near}` : 'see normlab --help',
  })
}
