import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it, vi } from 'vitest'
import { root, withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'
import { countPresses, press, tabTo, typeInto } from './keyboard-driver'

it('keeps a cluster’s profile by keyboard alone, says why it cannot be reached, changes it and forgets it, of Slurm and of Ray', () =>
  withHome(async (home) => {
    // A login node where nobody listens.
    writeFileSync(path.join(home, 'ssh'), 'Host login\n  HostName 127.0.0.1\n  Port 1\n')
    vi.stubEnv('NORMLAB_SSH_CONFIG', path.join(home, 'ssh'))
    const served = await serve(home)
    try {
      await withPage(async (page, complaints) => {
        await page.goto(served.address)
        const presses = await countPresses(page)
        await press(page, /^Settings$/)
        const card = page.getByRole('region', { name: 'Clusters' })
        await card.getByText('Experiments can be sent to').waitFor()
        const keep = (): Promise<void> => press(page, /^Keep and check$/, true)
        const connection = card.getByRole('listitem').filter({ hasText: 'connection' })

        // What ssh would take for an option of its own.
        await typeInto(page, /^Name$/, 'hpc')
        await typeInto(page, /^Login node$/, '-oProxyCommand=x')
        await keep()
        await card.getByRole('alert').getByText('Login node: must be a host’s name or address').waitFor()
        await expect.poll(() => card.getByLabel('Cluster', { exact: true }).count()).toBe(0)
        await typeInto(page, /^Login node$/, 'login')
        await keep()
        await connection.getByText(/^login gives no answer: .*Connection refused/).waitFor()
        await expect.poll(() => card.getByRole('alert').count()).toBe(0)

        // Another task's time, which is there after the page was loaded anew.
        await typeInto(page, /^Time of a task/, '90')
        await keep()
        await connection.waitFor()
        expect(await presses()).toBe(0)
        await page.reload()
        const laterPresses = await countPresses(page)
        await expect.poll(() => card.getByLabel('Time of a task').inputValue()).toBe('90')
        await expect.poll(() => card.getByLabel('Login node').inputValue()).toBe('login')

        // A Ray cluster beside it; its token is not shown again.
        await tabTo(page, '[aria-label="Kind of cluster"]')
        await page.keyboard.press('ArrowDown')
        await card.getByLabel('Address').waitFor()
        await typeInto(page, /^Name$/, 'ray')
        await typeInto(page, /^Address$/, 'http://127.0.0.1:9')
        await typeInto(page, /^Token$/, 'a-secret')
        await keep()
        await connection.getByText(/gives no answer/).waitFor()
        await expect.poll(() => card.getByLabel('Token').inputValue()).toBe('')
        await expect
          .poll(() => card.getByLabel('Cluster', { exact: true }).locator('option').allInnerTexts())
          .toEqual(['hpc', 'ray', 'Another one…'])

        await press(page, /^Forget$/, true)
        await expect.poll(() => card.getByLabel('Name', { exact: true }).inputValue()).toBe('hpc')
        await press(page, /^Forget$/)
        await expect.poll(() => card.getByLabel('Cluster', { exact: true }).count()).toBe(0)
        expect(readFileSync(path.join(home, 'place-tokens.json'), 'utf8')).toBe('{}')
        expect(await laterPresses()).toBe(0)
        expect(complaints).toEqual([])
      })
    } finally {
      vi.unstubAllEnvs()
      await end(served.server)
    }
  }))

/** A training that is told of step by step, and ends when there is a file beside it. */
const PROGRAM = `
import os, sys, time, warnings
import normlab_recorder
normlab_recorder.COMMIT_SECONDS = 0.05
warnings.simplefilter("ignore")
folder, lab, token = sys.argv[1:]
with normlab_recorder.Recorder(os.path.join(folder, "run.normlab"), name="told from afar", units=["a", "b"], lab=lab, token=token) as recorder:
    for step in range(1, 13):
        recorder.step(loss=1 / step, accuracy=0.5, norms=[4 / step, 2 / step, 1 / step])
    while not os.path.exists(os.path.join(folder, "go-on")):
        time.sleep(0.05)
    recorder.note("the end is near", unit="b")
`

it('shows a run that another program records while it trains, with nothing on its page that would steer it', () =>
  withHome(async (home) => {
    const served = await serve(home)
    try {
      await withPage(async (page, complaints) => {
        await page.goto(served.address)
        await page.getByText('No runs yet').waitFor()
        const { port, token } = JSON.parse(readFileSync(path.join(home, 'serve.json'), 'utf8')) as { port: number; token: string }
        const env = { ...process.env, PYTHONPATH: path.join(root, 'recorder') }
        const program = spawn('python3', ['-c', PROGRAM, home, `http://127.0.0.1:${port}`, token], { env, stdio: ['ignore', 'inherit', 'inherit'] }) // prettier-ignore
        const over = new Promise((resolve) => program.on('close', resolve))
        await page.getByRole('link', { name: 'told from afar' }).first().click()
        await page.getByRole('heading', { name: 'told from afar' }).waitFor()
        await page
          .getByText(/recorded from/)
          .first()
          .waitFor()
        const buttons = async (): Promise<string> => (await page.getByRole('button').allInnerTexts()).join('|')
        await expect.poll(() => buttons()).not.toMatch(/Pause|Resume|Stop|Epochs|Clone/)
        writeFileSync(path.join(home, 'go-on'), '')
        expect(await over).toBe(0)
        await page.getByText('Done', { exact: true }).first().waitFor()
        await page.getByText('the end is near').first().waitFor()
        await expect.poll(() => buttons()).not.toMatch(/Pause|Resume|Stop|Epochs|Clone/)
        await expect.poll(() => page.getByRole('contentinfo').innerText()).not.toContain('%')
        const shot = process.env['NORMLAB_SHOTS']
        if (shot) await page.screenshot({ path: `${shot}/recorded.png` })
        expect(complaints).toEqual([])
      })
    } finally {
      await end(served.server)
    }
  }))
