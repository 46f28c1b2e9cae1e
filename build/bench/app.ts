import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openDisplay } from '../display'
import { EXECUTABLE } from '../package/electron-builder'
import { bytesIn } from '../package/system-tree'
import { sandboxArguments } from '../sandbox'
import { run } from '../prepare/command'
import { median, print } from './figures'
import { type PackagedApp, startPackagedApp } from './packaged-app'

const root = path.resolve(__dirname, '../..')
const TSX = path.join(root, 'node_modules/tsx/dist/cli.mjs')

/** What the app is looked at over, at rest. */
const IDLE_MS = 20_000
/** After the page has come, the app has this long to come to rest. */
const SETTLING_MS = 10_000

/**
 * The packaged app: size, start to the first content on the screen, memory and processor at rest. The first start, which brings the files into memory, is
 * told apart.
 * @param folder Where packages lie that were made before; they are made elsewhere and removed again where it is not given.
 */
export async function app(rounds: number, wanted: (name: string) => boolean, folder?: string): Promise<void> {
  if (!wanted('app')) return
  const place = mkdtempSync(path.join(tmpdir(), 'normlab-bench-app-'))
  const display = process.env['DISPLAY'] ? undefined : await openDisplay()
  const env = { ...process.env, ...(display && { DISPLAY: display.name }), NORMLAB_HOME: path.join(place, 'home') }
  try {
    const [unpacked, deb] = folder === undefined ? await made(path.join(place, 'made')) : [folder, undefined]
    print({ name: 'app, unpacked', value: (await bytesIn(unpacked)) / 1e6, unit: 'MB' })
    if (deb !== undefined) print({ name: 'app, .deb', value: statSync(deb).size / 1e6, unit: 'MB' })
    const start = (): Promise<PackagedApp> =>
      startPackagedApp([path.join(unpacked, EXECUTABLE), ...sandboxArguments(unpacked)], { env })
    const first = await start()
    print({ name: 'app, first start', value: first.firstPaintMs, unit: 'ms' })
    await first.quit()
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const opened = await start()
      times.push(opened.firstPaintMs)
      if (round === rounds - 1) await atRest(opened)
      await opened.quit()
    }
    print({ name: 'app, start', value: median(times), unit: 'ms', spread: [Math.min(...times), Math.max(...times)] })
  } finally {
    display?.close()
    rmSync(place, { recursive: true, force: true })
  }
}

/** Makes unpacked app and Debian package, compressed as they are given to others, of the Electron that is here. */
async function made(folder: string): Promise<[unpacked: string, deb: string]> {
  const options = [folder, '--only', 'dir,deb', '--electron-as-found']
  const { status, stdout, stderr } = await run(process.execPath, [TSX, path.join(root, 'build/package/index.ts'), ...options], {
    cwd: root,
  })
  const [unpacked, deb] = stdout.trim().split('\n')
  if (status !== 0 || !unpacked || !deb) throw new Error(stderr)
  return [unpacked, deb]
}

async function atRest(opened: PackagedApp): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SETTLING_MS))
  const before = opened
    .pids()
    .map(processorSeconds)
    .reduce((sum, seconds) => sum + seconds, 0)
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS))
  const pids = opened.pids()
  const after = pids.map(processorSeconds).reduce((sum, seconds) => sum + seconds, 0)
  print({ name: 'app, processor at rest', value: ((after - before) / (IDLE_MS / 1000)) * 100, unit: '% of a core' })
  print({ name: 'app, memory at rest', value: pids.map(sharedOutBytes).reduce((sum, bytes) => sum + bytes, 0) / 1e6, unit: 'MB' })
}

/** Of a process, since it began; 0 where it is gone. */
function processorSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    // In ticks, a hundred a second on every Linux that Electron runs on (proc(5), fields 14 and 15).
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return 0
  }
}

/** Of a process, with pages that several share counted in parts (PSS). */
function sharedOutBytes(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
