import { existsSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { buildSync } from 'esbuild'
import { electronExecutable, electronFolder } from '../../main/resources'

/** The command line as Electron runs it, bundled as the app is; its words come last. It needs a display. */
export function electronProgram(): readonly string[] {
  const root = path.resolve(__dirname, '../..')
  const executable = electronExecutable(electronFolder(root) ?? '')
  if (!executable) throw new Error('Electron is not prepared: npm run prepare-lab')
  const folder = path.join(root, 'out/faults')
  buildSync({
    entryPoints: [path.join(__dirname, 'electron-main.ts')],
    outfile: path.join(folder, 'main.js'),
    ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node16', external: ['electron', 'libsql'], logLevel: 'silent' },
  })
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'normlab-faults', version: '0.0.0', main: 'main.js' }))
  // Where the command line looks for its engine.
  if (!existsSync(path.join(folder, 'engine'))) symlinkSync('../main/engine', path.join(folder, 'engine'))
  return [executable, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--log-level=3', folder, '--']
}
