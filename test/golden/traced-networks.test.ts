import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { torchAtHand } from '../../build/bench/torch'
import { takenNetwork } from './support/taken-network'
import { expectClose, relativeError } from './support/compare'

const torch = torchAtHand()
const scratch = mkdtempSync(path.join(tmpdir(), 'normlab-traced-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Forms of blocks, and blocks in all. NORMLAB_TRACED names others, of which the same and the error are told: `torchvision.vgg11_bn,torchvision.resnet50`. */
const NETWORKS: Readonly<Record<string, readonly [forms: number, blocks: number]>> = {
  'torchvision.resnet18': [7, 8],
  'torchvision.resnext50_32x4d': [8, 16],
  'torchvision.densenet121': [4, 58],
  'torchvision.mobilenet_v3_small': [8, 10],
  'timm.resnet26d': [8, 8],
  'timm.resnetv2_50': [8, 16],
}
const asked = process.env['NORMLAB_TRACED']?.split(',')

// PyTorch is fetched by no test; see recorder-torch.test.ts.
describe.skipIf(torch === undefined)('whole networks of torchvision and timm', () => {
  it.each(asked ?? Object.keys(NETWORKS))('come in by torch.fx with PyTorch’s logits, folded into blocks: %s', async (name) => {
    const { python, env } = torch!
    const script = path.resolve(__dirname, 'reference/foreign/run_fx.py')
    const { status, stderr } = spawnSync(python, [script, scratch, name], { env, encoding: 'utf8' })
    expect(status, stderr).toBe(0)
    const file = path.join(scratch, `${name}.fx`)
    const { report, ours, theirs } = await takenNetwork(
      file,
      path.join(scratch, `${name}.safetensors`),
      path.join(scratch, 'out'),
    )
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ unsupported: [], approximated: [], hasWeights: true })
    const folded = [report.folded.length, report.folded.reduce((sum, { copies }) => sum + copies, 0)]
    if (asked)
      process.stderr.write(`${name}: ${folded.join(' forms, ')} blocks, ${relativeError(ours, theirs).toExponential(1)}\n`)
    else expect(folded).toEqual(NETWORKS[name])
    rmSync(file)
  })
})
