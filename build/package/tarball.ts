import path from 'node:path'
import type { FormInput } from './forms'
import type { Compression } from './options'
import { succeed } from './succeed'

const COMPRESSION: Readonly<Record<Compression, string>> = { none: 'gzip -1', fast: 'gzip -1', best: 'gzip -9' }

/** Makes the archive of the unpacked app, in one folder of its name. It runs from wherever it is unpacked. */
export async function makeTarball({ app, folder, version, compression }: FormInput): Promise<string> {
  const name = `normlab-${version}-linux-${process.arch}`
  const file = path.join(folder, `${name}.tar.gz`)
  const args = [
    ...['--create', `--file=${file}`, '--owner=0', '--group=0', '--numeric-owner', '--sort=name'],
    `--use-compress-program=${COMPRESSION[compression]}`,
    // Of names, not of where links lead.
    `--transform=s,^\\.,${name},S`,
    ...[`--directory=${app}`, '.'],
  ]
  await succeed('tar', args, 'install tar')
  return file
}
