import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { get } from '../../main/engine/packs/http-get'
import { jsonLines, normlab, temporaryHome, TINY } from './lab-support'

/** Whether Python's package index answers here; 274 MB come from it. */
async function hasIndex(): Promise<boolean> {
  try {
    const answer = await get(new URL(process.env['NORMLAB_PACKAGE_INDEX'] ?? 'https://pypi.org/simple/'))
    answer.destroy()
    return answer.statusCode === 200
  } catch {
    return false
  }
}

it('the real CPU engine is packed, installed from the file, computes what the one inside does, and is removed', async (context) => {
  if (!(await hasIndex())) return context.skip('the package index cannot be reached')
  const { home, remove } = temporaryHome()
  onTestFinished(remove)
  const file = path.join(home, 'an engine 100%.normlab-engine')
  const done = async (...words: string[]): Promise<Record<string, unknown>[]> => {
    const { status, stdout, stderr } = await normlab([...words, '--json'], home)
    expect(stderr.replace(/^\w+.*(%|bundling).*$/gim, '')).not.toMatch(/^normlab: /m)
    expect(status).toBe(0)
    return jsonLines(stdout)
  }
  const train = async (): Promise<unknown[]> => {
    const told = await done('train', ...TINY, '--data', 'shapes10', '--steps', '3')
    return told.flatMap(({ step, loss, norms }) => (step === undefined ? [] : [[step, loss, norms]]))
  }
  const inside = await train()
  expect(inside).toHaveLength(3)
  await done('engine', 'pack', '--device', 'cpu', '--out', file)
  expect(await done('engine', 'install', file)).toMatchObject([{ used: 'inside', installed: [{ kind: 'cpu', problem: null }] }])
  expect(await done('engine', 'use', 'cpu')).toMatchObject([{ use: 'cpu', used: 'cpu' }])
  expect(await done('doctor')).toContainEqual(expect.objectContaining({ name: 'Engine', ok: true, detail: 'the installed one for the CPU: it was chosen' })) // prettier-ignore
  expect(await train()).toEqual(inside)
  expect(await done('engine', 'remove', '--device', 'cpu')).toMatchObject([{ use: 'auto', used: 'inside', installed: [] }])
  expect(readdirSync(path.join(home, 'engines'))).toEqual(['use.json'])
})

it('a choice that is none, and a pack that is none, are one sentence and exit status 2', async () => {
  const { home, remove } = temporaryHome()
  onTestFinished(remove)
  for (const [words, sentence] of [
    [['engine', 'use', 'gpu'], /^normlab: no GPU engine is installed; `normlab engine fetch --device gpu`, or/],
    [['engine', 'use', 'tpu'], /^normlab: .*use.*: must be/],
    [['engine', 'remove'], /no GPU engine is installed; `normlab engine list` shows what is/],
    [['engine', 'install', __filename], /engine-pack\.test\.ts: this is no engine pack of NormLab/],
    [['engine', 'fetch', '--device', 'tpu'], /--device: "tpu" is not one of its words/],
    [['engine', 'pack'], /--out FILE is missing/],
  ] as const) {
    const { status, stdout, stderr } = await normlab(words, home)
    expect(stderr).toMatch(sentence)
    expect({ status, stdout, lines: stderr.trim().split('\n').length }).toEqual({ status: 2, stdout: '', lines: 1 })
  }
})
