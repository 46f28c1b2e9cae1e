import { existsSync } from 'node:fs'
import { chmod, copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { log } from 'builder-util'
import { build, Platform } from 'electron-builder'
import { UserError } from '../../shared/errors'
import { bundle } from '../bundle'
import { prepareElectron } from '../prepare/electron'
import { prepareTensorflow } from '../prepare/tensorflow'
import { billOfMaterials, notices } from './bill'
import { npmComponents, runtimeComponents } from './components'
import { builderConfiguration, COMMAND_LINE } from './electron-builder'
import { checkElectron, foundElectron, lockedElectron } from './electron-version'
import { writeFilesList } from './files-list'
import { LAUNCHER, NODE } from './launcher'
import type { PackageOptions } from './options'
import { checkShippedPackages } from './shipped-packages'
import { succeed } from './succeed'

/**
 * Makes the unpacked app: Electron, TensorFlow, the command line, licences and the bill of materials.
 * @returns Its folder.
 * @throws UserError where Electron is not the locked one and nobody said that it shall do.
 */
export async function makeApp(root: string, version: string, { folder, electronAsFound }: PackageOptions): Promise<string> {
  const app = path.join(folder, process.arch === 'arm64' ? 'linux-arm64-unpacked' : 'linux-unpacked')
  const electronFolder = await prepareElectron(root)
  const [electronVersion, locked] = [await foundElectron(electronFolder), await lockedElectron(root)]
  checkElectron(electronVersion, locked, electronAsFound)
  const tensorflowFolder = await prepareTensorflow(path.join(root, 'node_modules'), 'cpu')
  await bundle(root, ['commands', 'window', 'renderer'])
  await rm(app, { recursive: true, force: true })
  const scratch = path.join(folder, '.app-parts')
  const [besideFolder, resourcesFolder] = [path.join(scratch, 'beside'), path.join(scratch, 'resources')]
  await writeCommandLine(root, besideFolder, path.join(resourcesFolder, COMMAND_LINE))
  await writeLegalFiles(root, resourcesFolder, version, electronVersion)
  // What is printed for a program to read is paths alone; electron-builder would tell its progress between them.
  Object.assign(log, { stream: process.stderr })
  await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget('dir'),
    config: builderConfiguration({
      ...{ electronFolder, electronVersion, tensorflowFolder, besideFolder, resourcesFolder },
      outputFolder: folder,
    }),
  })
  checkShippedPackages(root, app)
  await rm(scratch, { recursive: true })
  await rm(path.join(folder, 'builder-debug.yml'), { force: true })
  await writeFilesList(app)
  return app
}

/** Node, the launcher and the program: this very Node, as it runs the same program here. */
async function writeCommandLine(root: string, beside: string, program: string): Promise<void> {
  await mkdir(beside, { recursive: true })
  await writeFile(path.join(beside, 'normlab'), LAUNCHER)
  await chmod(path.join(beside, 'normlab'), 0o755)
  await succeed('strip', ['--strip-unneeded', '-o', path.join(beside, NODE), process.execPath], 'install binutils')
  // All but the window's part, and what only a debugger reads.
  const isProgram = (file: string): boolean => !/\.map$|out\/main\/(index|preload)\.js$/.test(file)
  for (const part of ['out/main', 'out/renderer'])
    await cp(path.join(root, part), path.join(program, part), { recursive: true, filter: isProgram })
}

async function writeLegalFiles(root: string, folder: string, version: string, electron: string): Promise<void> {
  const npm = npmComponents(root)
  await mkdir(folder, { recursive: true })
  await writeFile(
    path.join(folder, 'bill-of-materials.cdx.json'),
    billOfMaterials(version, [...runtimeComponents(electron), ...npm]),
  )
  await writeFile(path.join(folder, 'third-party-licences.txt'), notices(npm))
  await copyFile(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'))
  await copyFile(nodeLicence(), path.join(folder, 'LICENSE.node.txt'))
}

/** Node's own distributions have it beside their folder of programs, packages for Debian among the documentation. */
function nodeLicence(): string {
  const places = [path.resolve(process.execPath, '../../LICENSE'), '/usr/share/doc/nodejs/LICENSE']
  const found = places.find((file) => existsSync(file))
  if (found !== undefined) return found
  throw new UserError('the licence of Node, which is shipped with it, was not found', {
    place: places.join(', '),
    remedy: 'run this with a Node as nodejs.org gives it',
  })
}
