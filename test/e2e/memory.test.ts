import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { electronExecutable, electronFolder } from '../../main/resources'
import { root, withHome } from './app-driver'

// Electron's allocator ends the process over a piece of 2 GB, which TensorFlow's pool asks for when a network needs more than that in all.
test('a step of more than two gigabytes is computed under Electron as under Node', () =>
  withHome((home) => {
    const file = path.join(home, 'wide.json')
    // Ten values of 0.27 GB each, and their gradients.
    const middle = Array.from({ length: 9 }, (_, i) => ({ id: `tanh${i}`, kind: 'tanh' }))
    const nodes = [
      { id: 'input', kind: 'input' },
      { id: 'stem', kind: 'conv2d', attributes: { filters: 64, size: 1 }, unit: 'stem' },
      ...middle,
      { id: 'pool', kind: 'global-average-pool' },
      { id: 'head', kind: 'dense', attributes: { units: 10 } },
      { id: 'loss', kind: 'softmax-cross-entropy' },
    ]
    writeFileSync(file, JSON.stringify({ format: 'normlab/network', version: 1, name: 'wide', nodes }))
    const program = path.join(root, 'out/main/cli.js')
    const measured = [process.execPath, electronExecutable(electronFolder(root)!)!].map((executable) => {
      const words = [program, 'measure', file, '--batch', '1024', '--home', path.join(home, path.basename(executable)), '--json']
      const { stdout, stderr, status } = spawnSync(executable, words, {
        encoding: 'utf8',
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      })
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
      const line = stdout.split('\n').find((text) => text.includes('"norms"') || text.includes('"ratio'))!
      const { seconds: _, ...numbers } = JSON.parse(line) as { seconds?: number }
      return numbers
    })
    expect(measured[0]).toEqual(measured[1])
    return Promise.resolve()
  }))
