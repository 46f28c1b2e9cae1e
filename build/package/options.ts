import path from 'node:path'
import { parseArgs } from 'node:util'
import { UserError } from '../../shared/errors'

/** Forms of a package, in the order in which they are made. */
export const FORMS = ['dir', 'tar.gz', 'deb', 'rpm', 'appimage'] as const
export type Form = (typeof FORMS)[number]

/** How hard packages are compressed: not at all, quickly, or well. */
export const COMPRESSIONS = ['none', 'fast', 'best'] as const
export type Compression = (typeof COMPRESSIONS)[number]

export interface PackageOptions {
  /** Where the packages are written, absolute. */
  readonly folder: string
  readonly forms: readonly Form[]
  /** Whether the forms were named: one that cannot be made here is an error then. */
  readonly areFormsNamed: boolean
  readonly compression: Compression
  /** Whether another Electron than the locked one may be packed. */
  readonly electronAsFound: boolean
}

/**
 * The options of `npm run package -- [FOLDER] [--only dir,deb] [--compression best] [--electron-as-found]`.
 * @param root The checkout, whose `dist` is the usual folder.
 */
export function packageOptions(argv: readonly string[], root: string): PackageOptions {
  const { values, positionals } = parse(argv)
  const [folder, ...more] = positionals
  if (more.length > 0) throw new UserError('one folder is written to', { place: more[0]!, remedy: 'name one' })
  const forms = values.only?.split(',').map((form) => oneOf(form, FORMS, '--only')) ?? FORMS
  return {
    folder: path.resolve(folder ?? path.join(root, 'dist')),
    forms,
    areFormsNamed: values.only !== undefined,
    compression: oneOf(values.compression, COMPRESSIONS, '--compression'),
    electronAsFound: values['electron-as-found'],
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        only: { type: 'string' },
        compression: { type: 'string', default: 'best' },
        'electron-as-found': { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UserError((error as Error).message.split('.')[0]!, {
      remedy: 'use [FOLDER], --only FORMS, --compression none|fast|best, --electron-as-found',
    })
  }
}

function oneOf<T extends string>(text: string, known: readonly T[], place: string): T {
  const found = known.find((word) => word === text)
  if (found === undefined) throw new UserError(`there is no "${text}"`, { place, remedy: `use ${known.join(', ')}` })
  return found
}
