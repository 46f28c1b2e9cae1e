import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

export const root = path.resolve(__dirname, '../../..')
const tsx = path.join(root, 'node_modules/tsx/dist/cli.mjs')

/** What a tool of the build said and how it ended. */
export interface Said {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs one of our TypeScript programs with some environment variables set (or, undefined, taken away). */
export function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Said> {
  const child = spawn(process.execPath, [tsx, path.resolve(root, script), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()))
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, ...said })))
}

/** A folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'normlab-prepare-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A PATH with these programs of the system and nothing else. */
export function pathWith(...programs: string[]): string {
  const folder = temporaryFolder()
  for (const program of programs) symlinkSync(located(program), path.join(folder, program))
  return folder
}

/** A package index in a folder that holds one wheel: right in name, wrong in content. */
export function forgedIndex(project: string, version: string, tag: string): string {
  const folder = temporaryFolder()
  const name = `${project.replaceAll('-', '_')}-${version}`
  const information = `${name}.dist-info`
  const content = {
    [`${information}/METADATA`]: `Metadata-Version: 2.1\nName: ${project}\nVersion: ${version}\n`,
    [`${information}/WHEEL`]: `Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: ${tag}\n`,
    [`${information}/RECORD`]: '',
  }
  const script =
    'import json,sys,zipfile\nwith zipfile.ZipFile(sys.argv[1],"w") as z:\n  for n,t in json.loads(sys.argv[2]).items(): z.writestr(n,t)'
  execFileSync('python3', ['-c', script, path.join(folder, `${name}-${tag}.whl`), JSON.stringify(content)])
  return folder
}

/**
 * Mounts a file system in memory, or returns undefined where we may not mount.
 * @param options Of the mount: `size=20m`, `ro`.
 */
export function mountMemory(options: string): string | undefined {
  const folder = path.join(temporaryFolder(), 'disk')
  mkdirSync(folder)
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' })
  if (status !== 0) return undefined
  onTestFinished(() => void spawnSync('umount', [folder]))
  return folder
}

/** A checkout with nothing but an npm package `electron`, whose installer cannot reach its releases. */
export function rootWithoutElectron(): string {
  const folder = temporaryFolder()
  const electron = path.join(folder, 'node_modules/electron')
  mkdirSync(electron, { recursive: true })
  writeFileSync(path.join(electron, 'package.json'), JSON.stringify({ version: '41.0.0' }))
  writeFileSync(path.join(electron, 'install.js'), 'process.exit(1)')
  return folder
}

function located(program: string): string {
  // pyenv and its like put scripts into the PATH that need more of it than we leave.
  if (program === 'python3')
    return execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()
  return execFileSync('which', [program], { encoding: 'utf8' }).trim()
}
