import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { writeSafetensors } from '../../main/formats/safetensors'
import { socketPort } from '../../main/serve/socket-port'
import { networkFromPreset } from '../../shared/architecture/resolve'
import { LabClient } from '../../shared/lab-client'
import { jsonLines, normlab, start, temporaryHome, TINY, tiny, enter } from './lab-support'

let home: string
let remove: () => void
beforeEach(() => ({ home, remove } = temporaryHome()))
afterEach(() => remove())

describe('the command line', () => {
  it('refuses to map a file of which nothing fits the network, and writes no map', async () => {
    const [file, out] = ['odd.safetensors', 'map.json'].map((name) => path.join(home, name)) as [string, string]
    writeSafetensors(file, [{ name: 'odd', shape: [3, 7, 11], data: new Float32Array(231) }])
    const { status, stderr } = await normlab(['weights', 'map', 'resnet-20', file, '--out', out], home)
    expect(status).toBe(2)
    expect(stderr).toContain('nothing in it fits resnet-20')
    expect(existsSync(out)).toBe(false)
  })

  it('trains, and prints with --json one object a line: steps, epochs, and last the summary', async () => {
    const { status, stdout } = await normlab(['train', ...TINY, '--epochs', '2', '--seed', '3', '--name', 'tiny', '--json'], home)
    expect(status).toBe(0)
    const lines = jsonLines(stdout)
    const steps = lines.filter((line) => 'ratios' in line)
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    for (const line of steps) {
      const fields = [
        ...[
          'run',
          'step',
          'epoch',
          'loss',
          'accuracy',
          'rate',
          'ms',
          'waited',
          'gradientNorm',
          'chainRatio',
          'deviation',
          'deviationAll',
        ],
        ...['coveringC', 'coveringCAll', 'smallestRatio', 'largestRatio', 'ratiosNotFinite', 'norms', 'ratios'],
      ]
      expect(Object.keys(line)).toEqual(fields)
      expect((line.norms as number[]).length).toBe((line.ratios as number[]).length + 1)
    }
    expect(lines.filter((line) => 'epoch_summary' in line)).toHaveLength(2)
    expect(lines[lines.length - 1]).toMatchObject({
      run: 1,
      summary: { name: 'tiny', state: 'done', seed: 3, progress: { step: 8 } },
    })
  })

  it('trains, and prints for people a table of ratios by stage, with the course on standard error', async () => {
    const { status, stdout, stderr } = await normlab(['train', ...TINY, '--epochs', '2'], home)
    expect(status).toBe(0)
    const names = stdout.split('\n').map((line) => line.split(/\s/)[0])
    expect(names).toEqual(expect.arrayContaining(['stage1', 'stage2', 'chain']))
    expect(stdout).toMatch(/chain ratio .* at step 8$/m)
    expect(stderr).toMatch(/Epoch 2: loss .*, accuracy .*, test loss /)
    expect(stderr).toMatch(/Run 1 is done after 8 steps/)
  })

  it('stops after the step at Ctrl-C, keeps the records, prints the table, and leaves with 1', async () => {
    const { child, finished, printed } = start(['train', ...TINY, '--epochs', '100000', '--json'], home)
    await printed('"step":5,')
    child.kill('SIGINT')
    const { status, stdout, stderr } = await finished
    expect(status).toBe(1)
    expect(stderr).toContain('Stopping after this step')
    const lines = jsonLines(stdout)
    const count = lines.filter((line) => 'ratios' in line).length
    expect(lines[lines.length - 1]).toMatchObject({ summary: { state: 'stopped', progress: { step: count } } })
    const shown = await normlab(['runs', 'show', '1'], home)
    expect(shown.stdout).toMatch(/^Run 1: .*, stopped, \d+ steps/)
    expect(shown.stdout).toContain('chain ratio')
  })

  it('says at once that an alarm paused the run, and how it goes on', async () => {
    const { child, finished } = start(['train', ...TINY, '--epochs', '100000', '--alarms', 'loss > 0 for 3: pause'], home)
    const said = await new Promise<string>((resolve) => {
      let all = ''
      child.stderr!.on('data', (text: Buffer) => {
        all += text.toString()
        if (all.includes('is paused and waits')) resolve(all)
      })
    })
    expect(said).toMatch(
      /After step 3: alarm: .*\n[^]*Run 1 is paused and waits\. Ctrl-C ends it here; then normlab runs resume 1 goes on/,
    )
    child.kill('SIGINT')
    expect((await finished).status).toBe(1)
    expect((await normlab(['runs', 'show', '1'], home)).stdout).toMatch(/^Run 1: .*, stopped, /)
  })

  it('lists, shows, renames, exports and deletes runs', async () => {
    await normlab(['train', ...TINY, '--steps', '3', '--json'], home)
    expect((await normlab(['runs', 'rename', '1', 'my run'], home)).stdout).toBe('Run 1 is now called my run.\n')
    expect((await normlab(['runs', 'list'], home)).stdout).toMatch(/^\s+1 {2}my run +done +shapes10 +3\/3/m)
    expect(jsonLines((await normlab(['runs', 'list', '--json'], home)).stdout)).toMatchObject([
      { id: 1, name: 'my run', state: 'done' },
    ])
    expect(jsonLines((await normlab(['runs', 'show', '1', '--json'], home)).stdout)).toMatchObject([
      { id: 1, configuration: { training: { steps: 3 } } },
    ])
    const out = path.join(home, 'run.csv')
    expect((await normlab(['runs', 'export', '1', '--out', out], home)).stdout).toBe(`3 steps in ${out}\n`)
    expect(readFileSync(out, 'utf8').split('\n')[0]).toMatch(
      /^step,epoch,"training loss, nats",training accuracy,learning rate,"time of a step, ms",waited for data,gradient norm,chain ratio,.*,norm stage1\.block1,/,
    )
    expect((await normlab(['runs', 'delete', '1'], home)).status).toBe(0)
    expect(await normlab(['runs', 'show', '1'], home)).toMatchObject({
      status: 2,
      stderr: 'normlab: run 1 was deleted; restore it first: normlab runs restore 1\n',
    })
    const deleted = jsonLines((await normlab(['runs', 'list', '--deleted', '--json'], home)).stdout)
    expect(deleted).toMatchObject([{ id: 1, bytes: expect.any(Number), purgedAt: expect.any(String) }])
    expect((await normlab(['runs', 'restore', '1'], home)).status).toBe(0)
    expect((await normlab(['runs', 'show', '1'], home)).status).toBe(0)
    expect((await normlab(['runs', 'delete', '1', '--now'], home)).status).toBe(0)
    expect(await normlab(['runs', 'show', '1'], home)).toMatchObject({
      status: 2,
      stderr: 'normlab: there is no run 1; list the runs to see their numbers\n',
    })
  })

  it('trains the network of a file, and names the file and the field where it is wrong', async () => {
    const file = path.join(home, 'net.json')
    const document = networkFromPreset('plain:blocks=1,widths=4/8')
    writeFileSync(file, JSON.stringify({ ...document, name: 'from a file' }))
    const { status, stdout } = await normlab(['train', file, ...TINY.slice(1), '--steps', '2', '--json'], home)
    expect([status, jsonLines(stdout).pop()]).toMatchObject([0, { summary: { network: 'from a file', preset: null } }])
    writeFileSync(file, JSON.stringify({ ...document, version: 99 }))
    expect(await normlab(['train', file], home)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^normlab: .*net\.json: version 99/) as string,
    })
  })

  it('says which repair of its preset a run leaves out', async () => {
    const words = ['train', 'proc-resnet-v1:blocks=1,planes=2/4', ...TINY.slice(1), '--steps', '1']
    expect((await normlab(words, home)).stderr).toContain('--whiten does it')
    expect((await normlab([...words, '--whiten'], home)).stderr).not.toContain('does it')
  })

  it.each([
    [['train', 'banana'], /there is no preset “banana”/],
    [['train', 'plain', '--batch', '0'], /--batch: "0" is out of range; give a whole number from 1 to 65536/],
    [['train', 'plain:blocks=1,input=8x8x3'], /its input is 8×8×3/],
    [['evaluate', 'plain', '--weights', 'none.safetensors', '--batch', 'none.safetensors', '--out', 'o'], /none\.safetensors/],
    [['train', 'plain:blocks=1', '--project', 'transitions'], /network "plain:blocks=1": there is nothing to project/],
    [
      ['train', 'plain:blocks=1', '--set', 'orthogonality.form=operator', '--set', 'orthogonality.layers=nosuch.*'],
      /no convolution without groups or dense layer/,
    ],
    [['spectrum', 'none.safetensors', '--tensor', 'k', '--size', '99999'], /--size: must be at most \d+/],
    [['runs', 'export', '1', '--out', 'run.xyz'], /run\.xyz: the ending says neither csv, json, normlab nor tfevents/],
    [['runs'], /use runs list/],
  ])('answers wrong input with 2, one sentence on standard error, and nothing else: %j', async (words, sentence) => {
    const { status, stdout, stderr } = await normlab(words, home)
    expect([status, stdout, stderr.split('\n').length]).toEqual([2, '', 2])
    expect(stderr).toMatch(sentence)
  })

  it('examines the machine and lists the presets as JSON lines', async () => {
    const doctor = await normlab(['doctor', '--json'], home)
    expect(jsonLines(doctor.stdout)).toContainEqual(expect.objectContaining({ name: 'TensorFlow', ok: true }))
    const presets = jsonLines((await normlab(['presets', '--json'], home)).stdout)
    expect(presets.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['plain', 'resnet', 'preact-resnet', 'proc-resnet', 'proc-resnet-v1']),
    )
    for (const { example } of presets) {
      const [summary] = jsonLines((await normlab(['inspect', example as string, '--json'], home)).stdout)
      expect(summary).toMatchObject({
        nodes: expect.any(Number) as number,
        blocks: expect.any(Number) as number,
        parameters: expect.any(Number) as number,
        flops: expect.any(Number) as number,
      })
    }
  })

  it('serves the pages and the lab to a browser, until it is ended', async () => {
    const { child, finished, printed } = start(['serve', '--json'], home)
    const { address } = jsonLines(await printed('\n'))[0] as { address: string }
    const page = await fetch(address)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<script')])
    const { port, token } = await enter(address)
    const socket = new WebSocket(`ws://127.0.0.1:${port}/lab`, ['normlab', token])
    await once(socket, 'open')
    const client = new LabClient(socketPort(socket))
    const { id } = await client.request('runs.start', tiny({ epochs: 1 }))
    const steps: number[] = []
    await new Promise<void>((resolve) => {
      client.subscribe('runs.watch', { run: id }, (event) => steps.push(...event.steps.map(({ step }) => step)))
      client.subscribe('runs.changes', {}, ({ runs }) => {
        if (runs.some(({ state }) => state === 'done')) resolve()
      })
    })
    expect(steps).toEqual([1, 2, 3, 4])
    child.kill('SIGTERM')
    expect((await finished).status).toBe(0)
  })

  it('is served again at the same port after a restart, to the same token, so that a page that is open finds it', async () => {
    const entered: unknown[] = []
    for (let i = 0; i < 2; i++) {
      const { child, finished, printed } = start(['serve', '--json'], home)
      const { address } = jsonLines(await printed('\n'))[0] as { address: string }
      entered.push(await enter(address))
      // Its ticket is used; the next one is told.
      const [, next] = jsonLines(await printed('}\n{')) as { address: string }[]
      expect(next!.address).not.toBe(address)
      child.kill('SIGTERM')
      expect((await finished).status).toBe(0)
    }
    expect(entered[1]).toEqual(entered[0])
  })
})
