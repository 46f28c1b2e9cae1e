import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { build, Platform } from 'electron-builder'
import { UserError } from '../shared/errors'
import { bundle } from './bundle'
import { runTool } from './command-line'
import { builderConfiguration, EXECUTABLE } from './electron-builder'
import { prepareElectron } from './prepare/electron'
import { prepareTensorflow } from './prepare/tensorflow'

/**
 * `npm run package`: makes the unpacked app, with its Electron, its TensorFlow and the command line `normlab`, offline once all is
 * prepared. Prints the app's folder, which is in `dist` or the folder named on the command line.
 */
runTool(async () => {
  const root = path.resolve(__dirname, '..')
  if (process.platform !== 'linux')
    throw new UserError(`there is no package for ${process.platform} yet`, { remedy: 'make it on Linux' })
  const outputFolder = path.resolve(process.argv[2] ?? path.join(root, 'dist'))
  const app = path.join(outputFolder, process.arch === 'arm64' ? 'linux-arm64-unpacked' : 'linux-unpacked')
  const launcherFolder = path.join(outputFolder, '.launcher')
  const tensorflowFolder = await prepareTensorflow(path.join(root, 'node_modules'))
  const electronFolder = await prepareElectron(root)
  await bundle(root, ['commands', 'window', 'renderer'])
  const electronVersion = (await readFile(path.join(electronFolder, 'version'), 'utf8')).trim().replace(/^v/, '')
  await rm(app, { recursive: true, force: true })
  await makeLauncher(launcherFolder)
  await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget('dir'),
    config: builderConfiguration({ electronFolder, electronVersion, tensorflowFolder, launcherFolder, outputFolder }),
  })
  await rm(launcherFolder, { recursive: true })
  process.stdout.write(`${app}\n`)
})

/** The command line of the package: Electron's executable is also a Node. A link to the script works as well. */
async function makeLauncher(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const script = path.join(folder, 'normlab')
  await writeFile(
    script,
    `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
ELECTRON_RUN_AS_NODE=1 exec "$here/${EXECUTABLE}" "$here/resources/app.asar/out/main/cli.js" "$@"
`,
  )
  await chmod(script, 0o755)
}
