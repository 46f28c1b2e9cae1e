import path from 'node:path'
import { electronExecutable } from '../../main/resources'
import { UserError } from '../../shared/errors'
import { runTool } from '../command-line'
import { prepareAppImageRuntime } from './appimage-runtime'
import { prepareElectron } from './electron'
import { prepareSystem } from './system'
import { prepareTensorflow } from './tensorflow'

const root = path.resolve(__dirname, '../..')

const PARTS: Readonly<Record<string, () => Promise<string>>> = {
  tensorflow: () => prepareTensorflow(path.join(root, 'node_modules')),
  electron: () => prepareElectron(root),
  appimage: prepareAppImageRuntime,
  system: async () => {
    await prepareSystem(electronExecutable(await prepareElectron(root))!)
    return 'ready for the tests of the app'
  },
}

/**
 * `npm run prepare-lab`: prepares what the lab needs beside its npm packages, and says where it lies; only some of it where parts
 * are named (`npm run prepare-lab -- tensorflow`).
 */
runTool(async () => {
  const named = process.argv.slice(2)
  for (const part of named.length > 0 ? named : ['tensorflow', 'electron']) {
    const prepare = PARTS[part]
    if (!prepare) throw new UserError(`there is no part "${part}"`, { remedy: `use ${Object.keys(PARTS).join(', ')}` })
    process.stdout.write(`${part}: ${await prepare()}\n`)
  }
})
