import path from 'node:path'
import { isUserError } from '../../shared/errors'
import { prepareTensorflow } from './tensorflow'

async function main(): Promise<void> {
  const nodeModules = path.resolve(__dirname, '../../node_modules')
  const folder = await prepareTensorflow(nodeModules)
  process.stderr.write(`TensorFlow: ${folder}\n`)
}

main().catch((error: unknown) => {
  process.stderr.write((isUserError(error) ? error.message : String(error instanceof Error ? error.stack : error)) + '\n')
  process.exitCode = 1
})
