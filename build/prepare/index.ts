import path from 'node:path'
import { runTool } from '../command-line'
import { prepareElectron } from './electron'
import { prepareTensorflow } from './tensorflow'

/** Prepares everything that the lab needs beside its npm packages, and says where it lies. */
runTool(async () => {
  const root = path.resolve(__dirname, '../..')
  process.stdout.write(`TensorFlow: ${await prepareTensorflow(path.join(root, 'node_modules'))}\n`)
  process.stdout.write(`Electron: ${await prepareElectron(root)}\n`)
})
