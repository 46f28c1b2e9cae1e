import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { build as esbuild, type OutputFile } from 'esbuild'
import { UserError } from '../shared/errors'
import { withLock } from './lock'
import { lockedElectron } from './package/electron-version'
import { stampFile, type Part } from './parts'
import { isFresh, stampOf, writeStamp } from './stamp'

/** Output (under out/, without extension) and entry of each bundle for Node. */
const ENTRIES: Readonly<Record<Exclude<Part, 'renderer'>, Readonly<Record<string, string>>>> = {
  commands: {
    'main/cli': 'main/cli.ts',
    'main/engine/host': 'main/engine/host.ts',
    'main/engine/worker': 'main/engine/worker.ts',
    'main/engine/batch-thread': 'main/engine/batch-thread.ts',
    launch: 'build/launch.ts',
  },
  window: { 'main/index': 'main/index.ts', 'main/preload': 'main/preload.ts' },
}

/** Native or given by the runtime; everything else is bundled, so that the package needs no other npm package. */
const EXTERNAL = ['electron', 'libsql']

/** What every bundle depends on beside its sources. */
const ALWAYS = ['package.json', 'package-lock.json', 'build/bundle.ts']

/**
 * Bundles the parts whose inputs have changed since the last time.
 * @param root The checkout.
 * @returns The parts that were bundled.
 */
export async function bundle(root: string, parts: readonly Part[]): Promise<Part[]> {
  const isStale = (part: Part) => !isFresh(root, stampFile(root, part))
  if (!parts.some(isStale)) return []
  return withLock(path.join(root, 'out', '.bundle.lock'), 'bundling', async () => {
    const stale = parts.filter(isStale)
    for (const part of stale) {
      process.stderr.write(`Bundling the ${part}\n`)
      const startedMs = Date.now()
      const inputs =
        part === 'renderer'
          ? await bundleRenderer(root)
          : [...(await bundleForNode(root, ENTRIES[part])), ...(part === 'commands' ? await bundleReport(root) : [])]
      writeStamp(stampFile(root, part), stampOf(root, [...ALWAYS, ...inputs], startedMs))
    }
    return stale
  })
}

/** CommonJS for Node 16: Electron 22 is the oldest runtime. */
async function bundleForNode(root: string, entries: Readonly<Record<string, string>>): Promise<string[]> {
  const missing = Object.values(entries).filter((entry) => !existsSync(path.join(root, entry)))
  if (missing.length > 0)
    throw new UserError(`${missing.join(', ')} cannot be bundled: no such file`, { remedy: 'restore it from git' })
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string }
  const result = await esbuild({
    absWorkingDir: root,
    entryPoints: Object.entries(entries).map(([out, entry]) => ({ in: entry, out })),
    outdir: path.join(root, 'out'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node16',
    external: EXTERNAL,
    define: {
      'process.env.NORMLAB_VERSION': JSON.stringify(version),
      'process.env.NORMLAB_ELECTRON': JSON.stringify(await lockedElectron(root)),
    },
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'silent',
    metafile: true,
    write: false,
  }).catch((error: unknown) => {
    throw explained(error)
  })
  await replace(result.outputFiles)
  return Object.keys(result.metafile.inputs)
}

/** Whoever reads a bundle has the old one or the new one, whole. */
async function replace(outputs: readonly OutputFile[]): Promise<void> {
  for (const { path: file, contents } of outputs) {
    await mkdir(path.dirname(file), { recursive: true })
    const aside = `${file}.new`
    await writeFile(aside, contents)
    await rename(aside, file)
  }
}

/** The page of a report: a program and a style that are written into the file as they are, so minified and without a map. */
async function bundleReport(root: string): Promise<string[]> {
  const result = await esbuild({
    absWorkingDir: root,
    entryPoints: [
      { in: 'renderer/report/main.ts', out: 'page' },
      { in: 'renderer/report/report.css', out: 'page' },
    ],
    outdir: path.join(root, 'out/main/report'),
    ...{ bundle: true, minify: true, format: 'iife', target: 'chrome108', legalComments: 'none', charset: 'utf8' },
    ...{ logLevel: 'silent', metafile: true },
    write: false,
  }).catch((error: unknown) => {
    throw explained(error)
  })
  await replace(result.outputFiles)
  return Object.keys(result.metafile.inputs)
}

async function bundleRenderer(root: string): Promise<string[]> {
  const config = ['vite.config.mts', 'vite.config.ts'].find((name) => existsSync(path.join(root, name)))
  if (!config) throw new UserError('vite.config.ts is missing', { remedy: 'restore it from git' })
  const inputs = [config, ...(await filesIn(root, 'renderer')), ...(await filesIn(root, 'shared'))]
  const { build } = await import('vite')
  const [target, aside] = [path.join(root, 'out/renderer'), path.join(root, 'out/.renderer-new')]
  const result = await build({
    configFile: path.join(root, config),
    logLevel: 'silent',
    build: { outDir: aside, emptyOutDir: true },
  }).catch((error: unknown) => {
    throw explained(error)
  })
  await rm(target, { recursive: true, force: true })
  await rename(aside, target)
  return [...inputs, ...packagedModules(root, result)]
}

/** The modules of npm packages that the pages were made of: which packages are shipped is told from them. */
function packagedModules(root: string, result: unknown): string[] {
  const outputs = [result].flat() as { readonly output?: readonly { readonly moduleIds?: readonly string[] }[] }[]
  const ids = outputs.flatMap(({ output = [] }) => output.flatMap(({ moduleIds = [] }) => moduleIds))
  const files = ids
    .map((id) => path.relative(root, id.replace(/[?\0].*$/, '')))
    .filter((file) => file.startsWith('node_modules/'))
  return [...new Set(files)].filter((file) => existsSync(path.join(root, file)))
}

async function filesIn(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
}

/** A bundler's complaint about a source: its first line with the place; the bundler's own stack is of no use to anybody. */
function explained(error: unknown): Error {
  const { message, errors } = error as {
    message: string
    errors?: { text?: string; location?: { file: string; line: number } | null }[]
  }
  const first = errors?.[0]
  const place = first?.location ? { place: `${first.location.file}:${first.location.line}` } : {}
  const lines = stripVTControlCharacters(message).split('\n')
  const line = lines.map((text) => text.trim()).find((text) => text && !text.startsWith('Build failed'))
  return new UserError(first?.location ? (first.text ?? message) : (line ?? message), {
    ...place,
    remedy: 'mend it and run this again',
  })
}
