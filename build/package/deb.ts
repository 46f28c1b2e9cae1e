import { chmod, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { apparmorProfile } from './apparmor'
import { DEBIAN_RECOMMENDS, debianDepends } from './debian-packages'
import { EXECUTABLE } from './electron-builder'
import type { FormInput } from './forms'
import type { Compression } from './options'
import { succeed } from './succeed'
import { allowSandbox, bytesIn, INSTALLED, writeSystemFiles } from './system-tree'

const COMPRESSION: Readonly<Record<Compression, readonly string[]>> = {
  none: ['-Znone'],
  fast: ['-Zgzip', '-z1'],
  best: ['-Zxz', '-z6'],
}

/** Debian's name of this machine's architecture. */
const ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'amd64'

const PROFILE = '/etc/apparmor.d/normlab'

/**
 * After the files are there: AppArmor learns of the app where it is at work and understands the profile, which an older one does not. Triggers of
 * the system's own packages tell menus, icons and file types.
 */
const POSTINST = `#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /etc/apparmor.d ] && command -v apparmor_parser >/dev/null; then
  profile=${INSTALLED}/resources/apparmor/normlab
  if apparmor_parser --skip-kernel-load --skip-cache --quiet "$profile" >/dev/null 2>&1; then
    cp "$profile" ${PROFILE}
    if [ -d /sys/kernel/security/apparmor ]; then
      apparmor_parser --replace --write-cache --quiet ${PROFILE} || echo 'normlab: AppArmor did not take its profile' >&2
    fi
  fi
fi
`

const PRERM = `#!/bin/sh
set -e
if [ "$1" = remove ] && [ -f ${PROFILE} ]; then
  if [ -d /sys/kernel/security/apparmor ] && command -v apparmor_parser >/dev/null; then
    apparmor_parser --remove --quiet ${PROFILE} || true
  fi
  rm -f ${PROFILE}
fi
`

/** Makes the Debian package. Nothing in it touches a user's data, at no step of installing, removing or purging. */
export async function makeDeb(input: FormInput): Promise<string> {
  const { root, app, folder, scratch, version, description, compression, wanted } = input
  const tree = path.join(scratch, 'tree')
  const installed = path.join(tree, INSTALLED)
  await mkdir(path.dirname(installed), { recursive: true })
  // Links to the unpacked app's files: they are read only.
  await succeed('cp', ['-al', app, installed], 'install coreutils')
  await writeSystemFiles(root, tree)
  await addProfile(installed)
  await allowSandbox(installed)
  await mkdir(path.join(tree, 'DEBIAN'))
  const control = `Package: normlab
Version: ${version}
Architecture: ${ARCHITECTURE}
Maintainer: The NormLab developers
Installed-Size: ${Math.ceil((await bytesIn(tree)) / 1024)}
Depends: ${debianDepends(wanted.libraries).join(', ')}
Recommends: ${DEBIAN_RECOMMENDS.join(', ')}
Section: science
Priority: optional
Description: lab for gradient norms in deep networks
 ${description}
`
  await writeFile(path.join(tree, 'DEBIAN/control'), control)
  for (const [name, text] of [
    ['postinst', POSTINST],
    ['prerm', PRERM],
  ] as const) {
    await writeFile(path.join(tree, 'DEBIAN', name), text)
    await chmod(path.join(tree, 'DEBIAN', name), 0o755)
  }
  await succeed('find', [tree, '-type', 'd', '-exec', 'chmod', '0755', '{}', '+'], 'install findutils')
  const file = path.join(folder, `normlab_${version}_${ARCHITECTURE}.deb`)
  const args = ['--root-owner-group', ...COMPRESSION[compression], '--build', tree, file]
  await succeed('dpkg-deb', args, 'install dpkg (Debian and Ubuntu have it)')
  return file
}

/** The profile lies with the app's resources, from where it is put in its place on systems that understand it. */
async function addProfile(installed: string): Promise<void> {
  const target = path.join(installed, 'resources/apparmor')
  await mkdir(target, { recursive: true })
  await writeFile(path.join(target, 'normlab'), apparmorProfile(`${INSTALLED}/${EXECUTABLE}`))
}
