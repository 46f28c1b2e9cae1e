import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { TENSORFLOW_VERSION } from '../../main/resources'
import { bundledFiles } from '../stamp'
import { type Part, stampFile } from '../parts'
import { readPackage, shippedPackages } from './shipped-packages'

/** Something that is shipped and was made by others. */
export interface Component {
  readonly name: string
  readonly version: string
  /** As its makers wrote it: an SPDX expression, mostly. */
  readonly licence: string
  /** Its package URL (purl specification). */
  readonly purl: string
  /** The text of its licence, where it is not shipped as a file of its own. */
  readonly text?: string
}

/** What of npm is in the package: what the bundlers took in, the one package that is shipped as it is, and the binding's source. */
export function npmComponents(root: string): Component[] {
  const names = new Set<string>()
  for (const part of ['commands', 'window', 'renderer'] as const satisfies readonly Part[]) {
    for (const file of bundledFiles(stampFile(root, part))) {
      const found = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/[^]*$/.exec(file)
      if (found) names.add(file.slice(0, file.lastIndexOf(`node_modules/${found[1]!}`)) + `node_modules/${found[1]!}`)
    }
  }
  for (const folder of shippedPackages(root)) names.add(folder)
  names.add('node_modules/@tensorflow/tfjs-node-gpu')
  return [...names].sort().map((folder) => npmComponent(path.resolve(root, folder)))
}

function npmComponent(folder: string): Component {
  const { name, version, license } = readPackage(folder)
  const licence = typeof license === 'string' ? license : (license?.type ?? 'NOASSERTION')
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry))
  const text = file === undefined ? undefined : readFileSync(path.join(folder, file), 'utf8')
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
  return { name, version, licence, purl, ...(text !== undefined && { text }) }
}

/** Electron with what is in it, and TensorFlow, whose licences lie beside them. @param electron Its version; Chromium's and Node's follow from it. */
export function runtimeComponents(electron: string): Component[] {
  return [
    { name: 'electron', version: electron, licence: 'MIT', purl: `pkg:github/electron/electron@v${electron}` },
    { name: 'node', version: process.versions.node, licence: 'MIT', purl: `pkg:github/nodejs/node@v${process.versions.node}` },
    {
      name: 'tensorflow',
      version: TENSORFLOW_VERSION,
      licence: 'Apache-2.0',
      purl: `pkg:pypi/${process.arch === 'arm64' ? 'tensorflow' : 'tensorflow-cpu'}@${TENSORFLOW_VERSION}`,
    },
  ]
}
