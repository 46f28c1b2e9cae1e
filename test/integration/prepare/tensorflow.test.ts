import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { tensorflowFolder } from '../../../main/resources'
import { root, runScript, temporaryFolder } from './prepare'

it('does nothing and says where everything is, where all is there', async () => {
  const said = await runScript('build/prepare/index.ts', ['tensorflow'])
  expect(said).toEqual({ status: 0, stdout: `tensorflow: ${tensorflowFolder()}\n`, stderr: '' })
})

it('keeps the libraries and the binding, and neither wheel nor headers', () => {
  const folder = tensorflowFolder()
  expect(existsSync(path.join(folder, 'scratch'))).toBe(false)
  expect(existsSync(path.join(folder, 'lib/libtensorflow_cc.so.2'))).toBe(true)
})

it('links the binding so that tfjs computes with this TensorFlow', () => {
  const script = `const tf = require('@tensorflow/tfjs-node-gpu')
    process.stdout.write(tf.backend().binding.TF_Version + ' ' + tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0])`
  const said = execFileSync(process.execPath, ['-e', script], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  expect(said).toBe('2.21.0 11')
})

it('says at run time how to prepare it, where it is not', async () => {
  const script = path.join(temporaryFolder(), 'where.ts')
  const { writeFileSync } = await import('node:fs')
  writeFileSync(script, `import { tensorflowFolder } from '${root}/main/resources'\ntensorflowFolder()`)
  const said = await runScript(script, [], { NORMLAB_CACHE: temporaryFolder(), NORMLAB_TENSORFLOW: undefined })
  expect(said.stderr).toMatch(/TensorFlow is not prepared .* run `npm start` or `npm run prepare-lab`/)
})
