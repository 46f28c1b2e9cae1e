import { spawn } from 'node:child_process'
import path from 'node:path'
import { electronExecutable } from '../main/resources'
import { bundle } from './bundle'
import { runTool } from './command-line'
import { prepareElectron } from './prepare/electron'
import { prepareTensorflow } from './prepare/tensorflow'
import { sandboxArguments } from './sandbox'

/** `npm start`: prepares and bundles what is missing, then opens the app; without a display it serves the same pages instead. */
runTool(async () => {
  const root = path.resolve(__dirname, '..')
  const argv = process.argv.slice(2)
  await prepareTensorflow(path.join(root, 'node_modules'))
  if (hasDisplay()) {
    const folder = await prepareElectron(root)
    await bundle(root, ['commands', 'window', 'renderer'])
    await become(electronExecutable(folder)!, [...sandboxArguments(folder), root, ...argv])
  } else {
    process.stderr.write('There is no display, so the lab is served to a browser.\n')
    await bundle(root, ['commands', 'renderer'])
    await become(process.execPath, [path.join(root, 'out/main/cli.js'), 'serve', ...argv])
  }
})

function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])
}

/** Runs a program in our place: same streams, its exit status ours, and a signal to us is one to it. */
function become(program: string, argv: readonly string[]): Promise<void> {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  const child = spawn(program, argv, { stdio: 'inherit', env })
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  // A terminal sends Ctrl-C to both of us; the program decides what it means.
  process.on('SIGINT', () => {})
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => {
      process.exitCode = status ?? 1
      resolve()
    })
  })
}
