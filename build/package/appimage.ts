import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, open, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { preparedRuntime, RUNTIME_VERSION } from '../prepare/appimage-runtime'
import { run } from '../prepare/command'
import { billOfMaterials } from './bill'
import type { Component } from './components'
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

/** The file that makes an AppImage run: the one that NORMLAB_APPIMAGE_RUNTIME names, else the prepared one. */
function runtimeFile(): string {
  const named = process.env['NORMLAB_APPIMAGE_RUNTIME']
  const file = named ? path.resolve(named) : preparedRuntime()
  if (file !== undefined && existsSync(file)) return file
  throw new UserError('there is no runtime for an AppImage here', {
    ...(named && { place: named }),
    remedy:
      'run `npm run prepare-lab -- appimage`, or bring the file runtime-x86_64 of the project type2-runtime and name it in NORMLAB_APPIMAGE_RUNTIME',
  })
}

const APP_RUN = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
[ "$1" = --cli ] && { shift; exec "$here/app/normlab" "$@"; }
exec "$here/app/${EXECUTABLE}" "$@"
`

/** Makes the AppImage: its runtime and a squashed file system behind one another. With `--cli` as its first word it is the command line. */
export async function makeAppImage({ root, app, folder, scratch, version, compression }: FormInput): Promise<string> {
  const file = runtimeFile()
  const runtime = await readFile(file)
  if (runtime.includes('libfuse.so.2'))
    process.stderr.write(
      'Its runtime wants the system’s libfuse.so.2; a newer one of type2-runtime wants nothing (docs/install.md)\n',
    )
  const tree = path.join(scratch, 'tree')
  await mkdir(tree, { recursive: true })
  await succeed('cp', ['-al', app, path.join(tree, 'app')], 'install coreutils')
  await writeFile(path.join(tree, 'AppRun'), APP_RUN)
  await chmod(path.join(tree, 'AppRun'), 0o755)
  await writeFile(path.join(tree, 'normlab.desktop'), desktopEntry('AppRun'))
  await copyFile(path.join(root, 'build/resources/icons/256x256.png'), path.join(tree, 'normlab.png'))
  await symlink('normlab.png', path.join(tree, '.DirIcon'))
  await writeRuntimeBill(root, tree, version, file)
  const image = path.join(folder, `NormLab-${version}-${process.arch}.AppImage`)
  await rm(image, { force: true })
  const args = [tree, image, `-offset`, `${runtime.length}`, '-root-owned', '-noappend', '-quiet', '-no-progress']
  await succeed('mksquashfs', [...args, ...COMPRESSION[compression]], 'install squashfs-tools')
  const handle = await open(image, 'r+')
  await handle.write(runtime, 0, runtime.length, 0).finally(() => handle.close())
  await chmod(image, 0o755)
  return image
}

/** What an AppImage has beside the app, whose own bill lies with its resources. */
async function writeRuntimeBill(root: string, tree: string, version: string, file: string): Promise<void> {
  const isPrepared = file === preparedRuntime()
  await writeFile(
    path.join(tree, 'bill-of-materials.cdx.json'),
    billOfMaterials(version, isPrepared ? PREPARED_PARTS : [await namedRuntime(file)]),
  )
  if (isPrepared)
    await copyFile(path.join(root, 'build/resources/appimage-runtime.txt'), path.join(tree, 'third-party-licences.txt'))
}

const PREPARED_PARTS: readonly Component[] = [
  { name: 'AppImageKit', version: RUNTIME_VERSION, licence: 'MIT', purl: `pkg:github/AppImage/AppImageKit@${RUNTIME_VERSION}` },
  { name: 'squashfuse', version: '0.1.100', licence: 'BSD-2-Clause', purl: 'pkg:github/vasi/squashfuse@0.1.100' },
  { name: 'liblzma', version: '5.2.3', licence: 'public domain', purl: 'pkg:generic/xz@5.2.3' },
]

/** A runtime that somebody brought, by what it says of itself. */
async function namedRuntime(file: string): Promise<Component> {
  const { stdout, stderr } = await run(file, ['--appimage-version'])
  const version = /version:? *(\S+)/i.exec(stdout + stderr)?.[1] ?? 'unknown'
  return { name: 'type2-runtime', version, licence: 'MIT', purl: `pkg:github/AppImage/type2-runtime@${version}` }
}
