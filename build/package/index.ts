import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { isUserError, UserError } from '../../shared/errors'
import { runTool } from '../command-line'
import { makeApp } from './app'
import { makeAppImage } from './appimage'
import { makeDeb } from './deb'
import type { FormInput } from './forms'
import { checkAge, wantedLibraries } from './libraries'
import { type Form, packageOptions } from './options'
import { makeRpm } from './rpm'
import { makeTarball } from './tarball'

const MAKERS: Readonly<Record<Exclude<Form, 'dir'>, (input: FormInput) => Promise<string>>> = {
  'tar.gz': makeTarball,
  deb: makeDeb,
  rpm: makeRpm,
  appimage: makeAppImage,
}

/**
 * `npm run package -- [FOLDER] [--only dir,tar.gz,deb,rpm,appimage] [--compression none|fast|best] [--electron-as-found]`: makes the unpacked app and
 * the packages, offline once all is prepared, in `dist` or the folder named. Prints a path a line, the app's folder first. A package whose tools are not here is
 * left out with a sentence, unless it was asked for by name.
 */
runTool(async () => {
  const root = path.resolve(__dirname, '../..')
  if (process.platform !== 'linux')
    throw new UserError(`there is no package for ${process.platform} yet`, { remedy: 'make it on Linux' })
  const options = packageOptions(process.argv.slice(2), root)
  const { version, description } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as Record<string, string>
  await mkdir(options.folder, { recursive: true })
  const app = await makeApp(root, version!, options)
  const wanted = await wantedLibraries(app)
  checkAge(wanted)
  process.stdout.write(`${app}\n`)
  for (const form of options.forms) {
    if (form === 'dir') continue
    process.stderr.write(`Making the ${form}\n`)
    const scratch = await mkdtemp(path.join(options.folder, '.making-'))
    try {
      const { folder, compression } = options
      const made = await MAKERS[form]({
        ...{ root, app, folder, scratch, compression, wanted },
        ...{ version: version!, description: description! },
      })
      process.stdout.write(`${made}\n`)
    } catch (error) {
      if (!isUserError(error) || options.areFormsNamed) throw error
      process.stderr.write(`Left out, the ${form}: ${error.message}\n`)
    } finally {
      await rm(scratch, { recursive: true, force: true })
    }
  }
})
