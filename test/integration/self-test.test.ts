import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { writeFilesList } from '../../build/package/files-list'
import { testWhereNew } from '../../main/lab'
import { checkShipped } from '../../main/lab/shipped-files'
import { jsonLines, normlab, openLab, temporaryHome, TINY } from './lab-support'

function home(): string {
  const { home, remove } = temporaryHome()
  onTestFinished(remove)
  return home
}

/** An installed engine with a file of the right length that is not the one that was installed. */
function damagedEngine(home: string): void {
  const engine = path.join(home, 'engines/tensorflow-2.21.0-cpu')
  mkdirSync(path.join(engine, 'lib'), { recursive: true })
  writeFileSync(path.join(engine, 'tfjs_binding.node'), '')
  writeFileSync(path.join(engine, 'lib/libtensorflow_cc.so.2'), 'changed')
  const file = { name: 'lib/libtensorflow_cc.so.2', bytes: 7, sha256: createHash('sha256').update('other').digest('hex') }
  writeFileSync(path.join(engine, 'engine.json'), JSON.stringify({ kind: 'cpu', tensorflow: '2.21.0', binding: '0', installed: '', files: [file] })) // prettier-ignore
}

describe('the self-test', () => {
  it('passes, is kept, and is what the doctor tells of', async () => {
    const folder = home()
    const { status, stdout } = await normlab(['doctor', '--self-test', '--json'], folder)
    expect(jsonLines(stdout)).toMatchObject([
      { name: 'Files', ok: true },
      { name: 'Engine', ok: true, detail: expect.stringMatching(/^three steps of a known network come out right, to \de-\d$/) as string }, // prettier-ignore
      { name: 'Run store', ok: true, detail: 'there is none yet' },
      { name: 'Pages', ok: true },
    ])
    expect(status).toBe(0)
    const told = await normlab(['doctor'], folder)
    expect(told.stdout).toMatch(/ok {7}Self-test: passed \d{4}-\d\d-\d\d, NormLab /)
  })

  it('is done by itself for a NormLab or an engine that is new, and once', async () => {
    const folder = home()
    const lab = openLab(folder)
    onTestFinished(() => lab.close())
    const said: string[] = []
    await testWhereNew(lab, (sentence) => said.push(sentence))
    const kept = path.join(folder, 'self-test.json')
    const first = readFileSync(kept, 'utf8')
    await testWhereNew(lab, (sentence) => said.push(sentence))
    expect(readFileSync(kept, 'utf8')).toBe(first)
    writeFileSync(kept, first.replace(/"version":"[^"]+"/, '"version":"0.0.1"'))
    await testWhereNew(lab, (sentence) => said.push(sentence))
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({ version: (JSON.parse(first) as { version: string }).version })
    expect(said).toEqual([])
  })

  it('tells how far it is in one course, and called off keeps nothing', async () => {
    const folder = home()
    const lab = openLab(folder)
    onTestFinished(() => lab.close())
    const shares: number[] = []
    const { ok } = await lab.start('lab.self-test', {}, ({ done, total }) => shares.push(done / total)).result
    expect(ok).toBe(true)
    // How often a quick machine tells it is the clock's affair.
    expect(shares.length).toBeGreaterThan(0)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBeLessThanOrEqual(1)
    const kept = readFileSync(path.join(folder, 'self-test.json'), 'utf8')
    const off = lab.start('lab.self-test', {}, () => off.cancel())
    await expect(off.result).rejects.toThrow('it was called off')
    expect(readFileSync(path.join(folder, 'self-test.json'), 'utf8')).toBe(kept)
  })

  it('is neither kept nor goes on where the lab is closed over it', async () => {
    const folder = home()
    const lab = openLab(folder)
    const jobs = (['lab.self-test', 'lab.repair'] as const).map((name) => {
      let begun = (): void => undefined
      const begins = new Promise<void>((resolve) => (begun = resolve))
      return { begins, result: lab.start(name, {}, () => begun()).result.then(() => 'ended', String) }
    })
    await Promise.all(jobs.map(({ begins }) => begins))
    await lab.close()
    for (const { result } of jobs) expect(await result).toContain('NormLab was closed')
    expect(existsSync(path.join(folder, 'self-test.json'))).toBe(false)
    expect(existsSync(path.join(folder, 'engines/use.json'))).toBe(false)
    await expect(lab.start('lab.self-test', {}).result).rejects.toThrow('NormLab was closed')
    expect(existsSync(path.join(folder, 'self-test.json'))).toBe(false)
  })

  it('fails in a sentence where the engine does not load', async () => {
    const folder = home()
    const broken = path.join(folder, 'broken')
    mkdirSync(broken)
    writeFileSync(path.join(broken, 'tfjs_binding.node'), 'no library')
    process.env['NORMLAB_TENSORFLOW'] = broken
    onTestFinished(() => void delete process.env['NORMLAB_TENSORFLOW'])
    const { status, stdout } = await normlab(['doctor', '--self-test'], folder)
    expect(status).toBe(1)
    expect(stdout).toMatch(/missing {2}Engine: .*TensorFlow does not load \(.*\n.*→ normlab doctor --repair/)
    expect((await normlab(['doctor'], folder)).stdout).toMatch(/without {2}Self-test: failed .*: Engine\n/)
  })

  it('fails where a byte of the installed engine that is used has changed', async () => {
    const folder = home()
    damagedEngine(folder)
    writeFileSync(path.join(folder, 'engines/use.json'), '{"use":"cpu"}')
    const { status, stdout } = await normlab(['doctor', '--self-test'], folder)
    expect(status).toBe(1)
    expect(stdout).toMatch(/missing {2}Engine: the installed one for the CPU: it is damaged: lib\/libtensorflow_cc\.so\.2 is not as it was installed\n.*→ normlab doctor --repair/) // prettier-ignore
  })
})

describe('the repair', () => {
  it('takes a damaged engine away and makes a new store of a damaged one', async () => {
    const folder = home()
    await normlab(['train', ...TINY, '--data', 'shapes10', '--steps', '2'], folder)
    damagedEngine(folder)
    const store = path.join(folder, 'normlab.db')
    const content = readFileSync(store)
    content.fill(0xa5, 4096 * 3, 4096 * 5)
    writeFileSync(store, content)
    for (const ending of ['-wal', '-shm']) rmSync(store + ending, { force: true })
    const { status, stdout } = await normlab(['doctor', '--repair'], folder)
    expect(stdout).toMatch(
      /^The installed engine for the CPU was taken away: it is damaged: lib\/libtensorflow_cc\.so\.2 is not/m,
    )
    expect(stdout).toMatch(/^A new run store was made: \d+ runs? with \d+ steps; the old one is kept as /m)
    expect(stdout).toMatch(/ok {7}Run store: whole/)
    expect(status).toBe(0)
    expect((await normlab(['doctor', '--repair'], folder)).stdout).toMatch(/^There was nothing to mend\.\n/)
  })
})

it('a file of the installed app that is not as it was shipped is found by its name', async () => {
  const app = home()
  mkdirSync(path.join(app, 'resources'))
  for (const name of ['normlab-desktop', 'resources/app.asar', 'a b%.pak']) writeFileSync(path.join(app, name), name)
  await writeFilesList(app)
  const list = path.join(app, 'resources/files.json')
  expect(await checkShipped(list)).toEqual({ files: 3, bytes: 41, damaged: [] })
  writeFileSync(path.join(app, 'resources/app.asar'), 'resources/app.asaR')
  rmSync(path.join(app, 'a b%.pak'))
  expect((await checkShipped(list))?.damaged).toEqual(['a b%.pak', 'resources/app.asar'])
  writeFileSync(list, '{')
  expect((await checkShipped(list))?.damaged).toEqual(['resources/files.json'])
})
