import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { rpmRequires } from './debian-packages'
import type { FormInput } from './forms'
import type { Compression } from './options'
import { succeed } from './succeed'
import { allowSandbox, INSTALLED, writeSystemFiles } from './system-tree'

const PAYLOAD: Readonly<Record<Compression, string>> = { none: 'w.ufdio', fast: 'w1.gzdio', best: 'w6.xzdio' }

/** Makes the RPM. The files are packed as they are: not stripped, not compiled, not searched for what they require. */
export async function makeRpm(input: FormInput): Promise<string> {
  const { root, app, folder, scratch, version, description, compression, wanted } = input
  const [tree, top] = [path.join(scratch, 'tree'), path.join(scratch, 'top')]
  const installed = path.join(tree, INSTALLED)
  await mkdir(path.dirname(installed), { recursive: true })
  await succeed('cp', ['-al', app, installed], 'install coreutils')
  await writeSystemFiles(root, tree)
  await allowSandbox(installed)
  const spec = path.join(scratch, 'normlab.spec')
  await writeFile(
    spec,
    `%define _binary_payload ${PAYLOAD[compression]}
%define __os_install_post %{nil}
%define debug_package %{nil}
%define _build_id_links none
Name: normlab
Version: ${version}
Release: 1
Summary: Lab for gradient norms in deep networks
License: MIT
AutoReqProv: no
${rpmRequires(wanted.libraries)
  .map((name) => `Requires: ${name}`)
  .join('\n')}
Requires: xdg-utils

%description
${description}

%install
cp -al "${tree}/." "%{buildroot}"

%files
%defattr(-, root, root, 755)
${INSTALLED}
%attr(4755, root, root) ${INSTALLED}/chrome-sandbox
/usr/bin/normlab
/usr/bin/normlab-desktop
/usr/share/applications/normlab.desktop
/usr/share/mime/packages/normlab.xml
/usr/share/doc/normlab
/usr/share/icons/hicolor/*/apps/normlab.*
`,
  )
  await succeed('rpmbuild', ['-bb', '--quiet', '--define', `_topdir ${top}`, spec], 'install rpm (Debian: apt-get install rpm)')
  const made = path.join(top, 'RPMS')
  const names = (await readdir(made, { recursive: true })).filter((name) => name.endsWith('.rpm'))
  const file = path.join(folder, path.basename(names[0]!))
  await rename(path.join(made, names[0]!), file)
  return file
}
