import { existsSync } from 'node:fs'
import { appendFile, chmod, copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { cacheFolder } from '../../main/resources'
import { UserError } from '../../shared/errors'
import { desktopEntry } from './desktop-entry'
import { EXECUTABLE } from './electron-builder'
import type { FormInput } from './forms'
import type { Compression } from './options'
import { succeed } from './succeed'

const COMPRESSION: Readonly<Record<Compression, readonly string[]>> = {
  none: ['-noI', '-noD', '-noF'],
  fast: ['-comp', 'gzip', '-Xcompression-level', '1'],
  best: ['-comp', 'gzip'],
}

/** The file that makes an AppImage run: NORMLAB_APPIMAGE_RUNTIME, else `appimage-runtime-x64` in the cache. */
function runtimeFile(): string {
  const file = path.resolve(
    process.env['NORMLAB_APPIMAGE_RUNTIME'] ?? path.join(cacheFolder(), `appimage-runtime-${process.arch}`),
  )
  if (existsSync(file)) return file
  throw new UserError('there is no runtime for an AppImage here', {
    place: file,
    remedy: 'bring the file runtime-x86_64 of the project type2-runtime, and name it in NORMLAB_APPIMAGE_RUNTIME',
  })
}

const APP_RUN = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
[ "$1" = --cli ] && { shift; exec "$here/app/normlab" "$@"; }
exec "$here/app/${EXECUTABLE}" "$@"
`

/** Makes the AppImage: its runtime and a squashed file system behind one another. With `--cli` as its first word it is the command line. */
export async function makeAppImage({ root, app, folder, scratch, version, compression }: FormInput): Promise<string> {
  const runtime = runtimeFile()
  const tree = path.join(scratch, 'tree')
  await mkdir(tree, { recursive: true })
  await succeed('cp', ['-al', app, path.join(tree, 'app')], 'install coreutils')
  await writeFile(path.join(tree, 'AppRun'), APP_RUN)
  await chmod(path.join(tree, 'AppRun'), 0o755)
  await writeFile(path.join(tree, 'normlab.desktop'), desktopEntry('AppRun'))
  await copyFile(path.join(root, 'build/resources/icons/256x256.png'), path.join(tree, 'normlab.png'))
  await symlink('normlab.png', path.join(tree, '.DirIcon'))
  const image = path.join(scratch, 'image.squashfs')
  const args = [tree, image, '-root-owned', '-noappend', '-quiet', '-no-progress', ...COMPRESSION[compression]]
  await succeed('mksquashfs', args, 'install squashfs-tools')
  const file = path.join(folder, `NormLab-${version}-${process.arch}.AppImage`)
  await copyFile(runtime, file)
  await appendFile(file, await readFile(image))
  await chmod(file, 0o755)
  return file
}
