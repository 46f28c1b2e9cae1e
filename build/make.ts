import path from 'node:path'
import { bundle } from './bundle'
import { runTool } from './command-line'
import { type Part } from './parts'
import { prepareTensorflow } from './prepare/tensorflow'

/**
 * Prepares TensorFlow and bundles the parts named on the command line, all where it is missing or stale:
 * `tsx build/make.ts commands renderer`.
 */
runTool(async () => {
  const root = path.resolve(__dirname, '..')
  const parts = process.argv.slice(2) as Part[]
  await prepareTensorflow(path.join(root, 'node_modules'))
  await bundle(root, parts.length > 0 ? parts : ['commands', 'window', 'renderer'])
})
