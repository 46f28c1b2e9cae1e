import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { validateConfiguration } from 'app-builder-lib/out/util/config/config'
import { describe, expect, it, onTestFinished } from 'vitest'
import { billOfMaterials, notices } from '../../../build/package/bill'
import { debianDepends, rpmRequires } from '../../../build/package/debian-packages'
import { desktopEntry, execArgument, mimePackage } from '../../../build/package/desktop-entry'
import { builderConfiguration } from '../../../build/package/electron-builder'
import { checkElectron, lockedElectron } from '../../../build/package/electron-version'
import { checkAge, compareVersions } from '../../../build/package/libraries'
import { packageOptions } from '../../../build/package/options'
import { checkShippedPackages, shippedPackages } from '../../../build/package/shipped-packages'
import { filesNamed } from '../../../main/window/opened-kinds'

/** Where it would note what it thinks. */
const QUIET = { isEnabled: false } as Parameters<typeof validateConfiguration>[1]

const root = path.resolve(__dirname, '../../..')

/** An Exec argument as a desktop reads it: first as a string, then its quoting, then field codes (Desktop Entry Specification). */
function readArgument(text: string): string {
  const string = text.replace(/\\\\/g, '\\')
  expect(string).toMatch(/^"(?:[^"`$\\]|\\["`$\\])*"$/)
  return string
    .slice(1, -1)
    .replace(/\\(["`$\\])/g, '$1')
    .replace(/%%/g, '%')
}

describe('the desktop entry', () => {
  it.each(['/opt/NormLab/normlab-desktop', '/srv/Nörm Läb (1) 100%/app', '/a "b" $c `d` \\e'])('starts %s', (file) => {
    expect(readArgument(execArgument(file))).toBe(file)
    const exec = /^Exec=(.*)$/m.exec(desktopEntry(file))![1]!
    expect(exec).toBe(`${execArgument(file)} %F`)
  })

  it('hands files of any name to the app, one word each, as GLib reads it, and the app knows them again', async (context) => {
    if (spawnSync('gio', ['version']).error) return context.skip('gio is not here')
    const folder = mkdtempSync(path.join(tmpdir(), 'normlab-entry-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    // Without a percent sign: GLib looks for the program under the name in which that is doubled.
    const place = path.join(folder, 'Nörm "Läb" (1) $HOME `x` it’s')
    mkdirSync(place)
    const [program, entry, told] = ['app', 'normlab.desktop', 'told'].map((name) => path.join(place, name)) as [
      string,
      string,
      string,
    ]
    writeFileSync(
      program,
      `#!/bin/sh\nprintf '%s\\0' "$@" > "$(dirname "$0")/new"\nmv "$(dirname "$0")/new" "$(dirname "$0")/told"\n`,
      { mode: 0o755 },
    )
    writeFileSync(entry, desktopEntry(program))
    const names = [
      'a net, 50 % ü.json',
      `it's "quoted" $x.json`,
      ' blank and %20 %F.normlab',
      '-o back\\slash.csv',
      'line\nbreak.zip',
    ]
    const files = names.map((name) => path.join(place, name))
    for (const file of files) writeFileSync(file, '')
    execFileSync('gio', ['launch', entry, ...files])
    await expect.poll(() => existsSync(told)).toBe(true)
    const words = readFileSync(told, 'utf8').split('\0').slice(0, -1)
    expect(words).toEqual(files)
    expect(filesNamed(words, '/')).toEqual(files)
  })

  it('opens networks, runs and data sets, and the system knows them by their names', () => {
    const types = /^MimeType=(.*);$/m.exec(desktopEntry('/a'))![1]!.split(';')
    expect(types).toEqual(expect.arrayContaining(['application/vnd.normlab.run', 'application/json']))
    const described = [...mimePackage().matchAll(/<mime-type type="([^"]+)">[^]*?<glob pattern="([^"]+)"/g)]
    expect(described.map(([, type, glob]) => [type, glob])).toEqual([
      ['application/vnd.normlab.network+json', '*.network.json'],
      ['application/vnd.normlab.run', '*.normlab'],
      ['application/vnd.safetensors', '*.safetensors'],
    ])
    for (const [, type] of described) expect(types).toContain(type)
  })
})

describe('what a package needs of the system', () => {
  it('is said so that systems before and after the renaming of libraries can meet it', () => {
    expect(debianDepends(['libc.so.6', 'libm.so.6', 'libasound.so.2'])).toEqual([
      'libasound2t64 | libasound2',
      'libc6 (>= 2.35)',
      'libgdk-pixbuf-2.0-0',
      'libgtk-3-0t64 | libgtk-3-0',
      'libx11-xcb1',
      'xdg-utils',
    ])
    expect(rpmRequires(['libc.so.6'])).toContain('libc.so.6()(64bit)')
  })

  it('is refused where nobody knows the package', () => {
    expect(() => debianDepends(['libnew.so.1'])).toThrow(/libnew\.so\.1.*write it there/)
  })

  it('is no newer than the oldest system that is promised', () => {
    const at = (GLIBC: string) => ({ libraries: [], highest: { GLIBC: { version: GLIBC, file: 'x.so' }, GLIBCXX: undefined } })
    expect(() => checkAge(at('2.9'))).not.toThrow()
    expect(() => checkAge(at('2.35'))).not.toThrow()
    expect(() => checkAge(at('2.36'))).toThrow('x.so: it wants GLIBC_2.36, and packages are promised from GLIBC_2.35 on')
    expect(compareVersions('3.4.30', '3.4.9')).toBeGreaterThan(0)
  })
})

describe('packaging', () => {
  it('refuses an Electron that is not the locked one, unless it is told to take it', async () => {
    const locked = await lockedElectron(root)
    expect(() => checkElectron('22.3.25', locked, false)).toThrow(/Electron 22\.3\.25 was found.*--electron-as-found/)
    expect(() => checkElectron('22.3.25', locked, true)).not.toThrow()
    expect(() => checkElectron(locked, locked, false)).not.toThrow()
  })

  it('takes its options, and refuses others with a sentence', () => {
    expect(packageOptions(['out', '--only', 'dir,deb', '--compression', 'none'], root)).toMatchObject({
      folder: path.resolve('out'),
      forms: ['dir', 'deb'],
      compression: 'none',
      electronAsFound: false,
    })
    expect(packageOptions([], root)).toMatchObject({ folder: path.join(root, 'dist'), areFormsNamed: false })
    expect(() => packageOptions(['--only', 'zip'], root)).toThrow(
      '--only: there is no "zip"; use dir, tar.gz, deb, rpm, appimage',
    )
    expect(() => packageOptions(['--quick'], root)).toThrow(/use \[FOLDER\]/)
  })

  it('has a configuration that electron-builder takes, NSIS and DMG in it', async () => {
    const parts = {
      electronFolder: 'e',
      electronVersion: '1.0.0',
      tensorflowFolder: 't',
      besideFolder: 'b',
      resourcesFolder: 'r',
    }
    const configuration = builderConfiguration({ ...parts, outputFolder: 'o' })
    await validateConfiguration(configuration, QUIET)
    await expect(validateConfiguration({ ...configuration, nsis: { oneKlick: true } } as never, QUIET)).rejects.toThrow()
    expect(configuration.nsis?.deleteAppDataOnUninstall).toBe(false)
  })
})

describe('the package that is shipped as it is', () => {
  const folder = (...packages: readonly { at: string; version?: string; needs?: readonly string[] }[]): string => {
    const made = mkdtempSync(path.join(tmpdir(), 'normlab-shipped-'))
    onTestFinished(() => rmSync(made, { recursive: true }))
    for (const { at, version = '1.0.0', needs = [] } of packages) {
      mkdirSync(path.join(made, at), { recursive: true })
      const file = {
        name: at.split('node_modules/').at(-1),
        version,
        dependencies: Object.fromEntries(needs.map((name) => [name, '*'])),
      }
      writeFileSync(path.join(made, at, 'package.json'), JSON.stringify(file))
    }
    return made
  }
  const checkout = () =>
    folder(
      { at: 'node_modules/libsql', needs: ['own', 'shared', '@x/native-musl', 'not-for-this-machine'] },
      { at: 'node_modules/libsql/node_modules/own', version: '2.0.0', needs: ['shared'] },
      { at: 'node_modules/own', version: '3.0.0' },
      { at: 'node_modules/shared', needs: ['libsql'] },
      { at: 'node_modules/@x/native-musl' },
    )

  it('is found with all that it requires, each where Node would find it', () => {
    expect(shippedPackages(checkout())).toEqual([
      'node_modules/libsql',
      'node_modules/libsql/node_modules/own',
      'node_modules/shared',
    ])
  })

  it('has to be in the app, all of it and in the version that is installed', () => {
    const root = checkout()
    const modules = 'resources/app.asar.unpacked/node_modules'
    const parts = [{ at: `${modules}/libsql` }, { at: `${modules}/shared` }]
    expect(() => checkShippedPackages(root, folder(...parts, { at: `${modules}/own`, version: '2.0.0' }))).not.toThrow()
    expect(() => checkShippedPackages(root, folder(...parts, { at: `${modules}/own`, version: '3.0.0' }))).toThrow(
      /electron-builder packed 3\.0\.0 of own, and 2\.0\.0 is installed here.*npm ci/,
    )
    expect(() => checkShippedPackages(root, folder())).toThrow(/packed nothing of libsql/)
  })
})

describe('the bill of materials', () => {
  const components = [
    { name: 'vue', version: '3.5.0', licence: 'MIT', purl: 'pkg:npm/vue@3.5.0', text: 'Text of MIT' },
    { name: 'two', version: '1.0.0', licence: '(MIT OR Apache-2.0)', purl: 'pkg:npm/two@1.0.0' },
  ]

  it('names every part with its licence and its package URL, the same each time', () => {
    const bill = JSON.parse(billOfMaterials('0.1.0', components)) as { components: object[]; specVersion: string }
    expect(bill.specVersion).toBe('1.5')
    expect(bill.components).toMatchObject([
      { name: 'vue', licenses: [{ license: { id: 'MIT' } }], purl: 'pkg:npm/vue@3.5.0' },
      { name: 'two', licenses: [{ expression: '(MIT OR Apache-2.0)' }] },
    ])
    expect(billOfMaterials('0.1.0', components)).toBe(billOfMaterials('0.1.0', components))
  })

  it('has the texts of the licences beside it', () => {
    expect(notices(components)).toContain('vue 3.5.0 (MIT)\n\nText of MIT\n')
  })
})
