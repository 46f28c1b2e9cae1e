import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../shared/errors'

/** The package that is shipped as it is, as a bundler cannot take in what it loads. */
const SHIPPED = 'libsql'

export interface PackageFile {
  readonly name: string
  readonly version: string
  readonly license?: string | { readonly type?: string }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export function readPackage(folder: string): PackageFile {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as PackageFile
}

/** The folders, relative to the checkout, of the package that is shipped as it is and of all that it requires and that is installed here. */
export function shippedPackages(root: string): string[] {
  const found = new Set<string>()
  const add = (name: string, from: string): void => {
    const folder = name.endsWith('-musl') ? undefined : placeOf(root, name, from)
    if (folder === undefined || found.has(folder)) return
    found.add(folder)
    const { dependencies = {}, optionalDependencies = {} } = readPackage(path.join(root, folder))
    for (const other of [...Object.keys(dependencies), ...Object.keys(optionalDependencies)]) add(other, folder)
  }
  add(SHIPPED, '')
  return [...found]
}

/** Where Node finds a package for one that lies in `from`: in that one's own `node_modules`, else in those above it. */
function placeOf(root: string, name: string, from: string): string | undefined {
  for (let above = from; ; above = path.dirname(above)) {
    const folder = path.join(above, 'node_modules', name)
    if (existsSync(path.join(root, folder, 'package.json'))) return folder
    if (above === '' || above === '.') return undefined
  }
}

/**
 * Holds the packages of a made app against those of the checkout: the program does not start without one.
 *
 * @param app The unpacked app.
 * @throws UserError where one was left out, or another version of it was taken.
 */
export function checkShippedPackages(root: string, app: string): void {
  for (const folder of shippedPackages(root)) {
    const { name, version } = readPackage(path.join(root, folder))
    const made = path.join(app, 'resources/app.asar.unpacked/node_modules', name)
    const found = existsSync(path.join(made, 'package.json')) ? readPackage(made).version : 'nothing'
    if (found === version) continue
    throw new UserError(`electron-builder packed ${found} of ${name}, and ${version} is installed here`, {
      place: made,
      remedy: 'run `npm ci` in the checkout itself: a node_modules that is a link to another one is not read',
    })
  }
}
