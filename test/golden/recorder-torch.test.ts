import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { torchAtHand } from '../../build/bench/torch'

const torch = torchAtHand()

// Some gigabytes that no test fetches by itself: `npm run bench -- --only recorder` prepares PyTorch, and this runs from then on.
describe.skipIf(torch === undefined)('the recorder in PyTorch', () => {
  it('measures autograd’s norms to 1e-5, whatever way a training takes, or says why it cannot', () => {
    const { python, env } = torch!
    const tests = path.resolve(__dirname, '../../recorder/tests/test_torch.py')
    const { status, stderr } = spawnSync(python, [tests], { env, encoding: 'utf8' })
    expect(status, stderr).toBe(0)
    expect(stderr).toMatch(/\nOK/)
  })
})
