import { chmod, cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { desktopEntry, mimePackage } from './desktop-entry'
import { EXECUTABLE } from './electron-builder'

/** Where the app lies in an installed system. */
export const INSTALLED = '/opt/NormLab'

/**
 * Writes the files that a system package has beside the app: entry, file types, icons, commands on the PATH, licence.
 * @param tree The system's root as the package sees it.
 */
export async function writeSystemFiles(root: string, tree: string): Promise<void> {
  const put = async (file: string, text: string | Buffer): Promise<void> => {
    await mkdir(path.join(tree, path.dirname(file)), { recursive: true })
    await writeFile(path.join(tree, file), text)
  }
  await put('usr/share/applications/normlab.desktop', desktopEntry(`${INSTALLED}/${EXECUTABLE}`))
  await put('usr/share/mime/packages/normlab.xml', mimePackage())
  await put('usr/share/doc/normlab/copyright', await readFile(path.join(root, 'LICENSE')))
  await put('usr/share/icons/hicolor/scalable/apps/normlab.svg', await readFile(path.join(root, 'renderer/public/icon.svg')))
  for (const name of await readdir(path.join(root, 'build/resources/icons'))) {
    const size = path.basename(name, '.png')
    const target = path.join(tree, `usr/share/icons/hicolor/${size}/apps`)
    await mkdir(target, { recursive: true })
    await cp(path.join(root, 'build/resources/icons', name), path.join(target, 'normlab.png'))
  }
  await mkdir(path.join(tree, 'usr/bin'), { recursive: true })
  for (const name of ['normlab', EXECUTABLE]) await symlink(`${INSTALLED}/${name}`, path.join(tree, 'usr/bin', name))
}

/**
 * Gives Chromium's helper for its sandbox its owner's rights, as Chrome's own packages do: it is used on kernels that give nobody a user namespace, and
 * left alone on others.
 * @param installed The app's folder, whose files may be links to another one's.
 */
export async function allowSandbox(installed: string): Promise<void> {
  const helper = path.join(installed, 'chrome-sandbox')
  const content = await readFile(helper)
  await rm(helper)
  await writeFile(helper, content)
  await chmod(helper, 0o4755)
}

/** Bytes of all files under a folder. */
export async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const sizes = await Promise.all(
    entries.filter((entry) => entry.isFile()).map(async (entry) => (await stat(path.join(entry.parentPath, entry.name))).size),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
