import path from 'node:path'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ElectronApplication, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root, withApp, withHome } from './app-driver'

/**
 * Electron's list for security (its docs/tutorial/security), in one window of the real app. docs/security.md has the points, and how each of
 * these was seen to fail.
 */
let page: Page
let app: ElectronApplication
let finish = (): void => undefined
let closed: Promise<void>
/** Somebody's server on this machine, and what was asked of it. */
let outside: Server
const asked: string[] = []

beforeAll(async () => {
  outside = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.setHeader('access-control-allow-origin', '*').end('<!doctype html>outside')
  })
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve))
  await new Promise<void>((ready, failed) => {
    closed = withHome((home) =>
      withApp(home, (opened, electron) => {
        page = opened
        app = electron
        return new Promise<void>((resolve) => {
          finish = resolve
          ready()
        })
      }),
    )
    closed.catch(failed)
  })
})
afterAll(async () => {
  finish()
  await closed
  outside.close()
})

const outsideAddress = (scheme = 'http'): string => `${scheme}://127.0.0.1:${(outside.address() as AddressInfo).port}/x`

/** A page of somebody else's in a window of ours, with all that our own pages get: nothing of the app opens one. */
async function inForeignPage<T>(script: string): Promise<T> {
  return (await app.evaluate(
    async ({ BrowserWindow }, { preload, script }) => {
      const window = new BrowserWindow({ show: false, webPreferences: { preload, contextIsolation: true } })
      try {
        await window.loadURL('data:text/html,<!doctype html><title>elsewhere</title>')
        return (await window.webContents.executeJavaScript(script)) as unknown
      } finally {
        window.destroy()
      }
    },
    { preload: path.join(root, 'out/main/preload.js'), script },
  )) as T
}

describe('the window', () => {
  it('runs its page in a sandbox, by itself, without Node, and with nothing of the browser switched off or on', async () => {
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!
      return (webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences()
    })
    expect(preferences).toMatchObject({
      ...{ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false },
    })
    expect(preferences['nodeIntegrationInWorker'] ?? false).toBe(false)
    expect(preferences['nodeIntegrationInSubFrames'] ?? false).toBe(false)
    expect(preferences['allowRunningInsecureContent'] ?? false).toBe(false)
    expect(preferences['experimentalFeatures'] ?? false).toBe(false)
    expect(preferences['enableBlinkFeatures'] ?? '').toBe('')
  })

  it('gives its page a few functions of its own, and nothing of Electron or Node', async () => {
    const found = await page.evaluate<Record<string, unknown>>(`({
      globals: ['require', 'process', 'module', 'global', 'Buffer', 'ipcRenderer', 'electron'].filter((name) => name in window),
      kinds: [...new Set(Object.values(window.normlab).map((value) => typeof value))],
      // The bridge hands out copies: what a page does to them changes nothing.
      frozen: Object.isFrozen(window.normlab),
    })`)
    expect(found).toEqual({ globals: [], kinds: ['function'], frozen: true })
  })

  it('loads nothing of the network, nor a file, whatever its page is', async () => {
    const tries = `Promise.all(${JSON.stringify([outsideAddress(), 'https://example.org/', 'file:///etc/passwd'])}.map((address) =>
      fetch(address, { mode: 'no-cors' }).then(() => 'loaded', () => 'refused')))`
    expect(await page.evaluate(tries)).toEqual(['refused', 'refused', 'refused'])
    const socket = `new Promise((resolve) => {
      const socket = new WebSocket('${outsideAddress('ws')}')
      socket.onopen = () => resolve('open')
      socket.onerror = () => resolve('refused')
    }).catch(() => 'refused')`
    expect(await page.evaluate(socket)).toBe('refused')
    // A page without our policy: the session refuses it.
    expect(await inForeignPage(tries)).toEqual(['refused', 'refused', 'refused'])
    expect(asked).toEqual([])
  })

  it('serves its pages’ folder and nothing beyond it', async () => {
    const status = await page.evaluate<(number | string)[]>(`Promise.all([
      'app://lab/index.html', 'app://lab/../main/index.js', 'app://lab/..%2fmain/index.js', 'app://lab/%2e%2e%2fmain%2findex.js',
      'app://lab/..%5cmain%5cindex.js', 'app://lab/%00', 'app://lab/nothing.js',
    ].map((address) => fetch(address).then(({ status }) => status, () => 'refused')))`)
    expect(status.map((one) => (one === 'refused' ? 404 : one))).toEqual([200, 404, 404, 404, 404, 404, 404])
    expect(await page.evaluate(`fetch('app://other/index.html').then(({ status }) => status, () => 'refused')`)).not.toBe(200)
  })

  it('says its policy with each page: no code or style written into it, no other page in it', async () => {
    const found = await page.evaluate<Record<string, unknown>>(`(async () => {
      const blocked = []
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => blocked.push(effectiveDirective))
      const put = (tag, fields, text) => {
        const made = Object.assign(document.createElement(tag), fields)
        if (text) made.textContent = text
        document.body.append(made)
        return made
      }
      put('script', {}, 'window.inline = 1')
      put('script', { src: 'data:text/javascript,window.data=1' })
      put('script', { src: URL.createObjectURL(new Blob(['window.blob = 1'], { type: 'text/javascript' })) })
      put('style', {}, 'body { --inline: 1 }')
      const button = put('button', {})
      button.setAttribute('onclick', 'window.handler = 1')
      button.click()
      for (const src of ['data:text/html,x', 'app://lab/index.html', URL.createObjectURL(new Blob(['x'], { type: 'text/html' }))]) put('iframe', { src })
      put('object', { data: 'data:text/html,x' })
      put('base', { href: 'https://example.org/' })
      let worker = 'refused'
      try { worker = await new Promise((resolve) => {
        const made = new Worker(URL.createObjectURL(new Blob(['postMessage(1)'], { type: 'text/javascript' })))
        made.onmessage = () => resolve('ran')
        made.onerror = () => resolve('refused')
      }) } catch {}
      await new Promise((resolve) => setTimeout(resolve, 200))
      // What is run from outside may make code of text until it first waits.
      let evaluated = 'refused'
      try { evaluated = String(new Function('return 1')()) } catch {}
      const { headers } = await fetch('app://lab/index.html')
      return {
        ran: ['inline', 'data', 'blob', 'handler'].filter((name) => name in window),
        styled: getComputedStyle(document.body).getPropertyValue('--inline'),
        evaluated, worker,
        base: document.baseURI.startsWith('app://lab/'),
        frames: blocked.filter((directive) => directive === 'frame-src').length,
        policy: headers.get('content-security-policy'),
        permissions: headers.get('permissions-policy')?.includes('camera=()'),
        sniffing: headers.get('x-content-type-options'),
      }
    })()`)
    expect(found).toMatchObject({
      ...{ ran: [], styled: '', evaluated: 'refused', worker: 'refused', base: true, permissions: true, sniffing: 'nosniff' },
      frames: expect.any(Number) as number,
    })
    expect(found['frames']).toBeGreaterThanOrEqual(3)
    expect(found['policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';.* frame-src 'none';/)
    expect(found['policy']).not.toMatch(/unsafe|\*|https?:/)
  })

  it('stays at its page: no address leads out of it', async () => {
    for (const address of [outsideAddress(), 'https://example.org/', 'file:///etc/passwd', 'data:text/html,x', 'app://other/'])
      await page.evaluate(`location.href = ${JSON.stringify(address)}`)
    await page.evaluate(`location.href = URL.createObjectURL(new Blob(['<h1>x</h1>'], { type: 'text/html' }))`)
    await page.evaluate(`location.href = 'javascript:window.ran = 1'`)
    await page.evaluate(`new Promise((resolve) => setTimeout(resolve, 300))`)
    expect(page.url()).toMatch(/^app:\/\/lab\//)
    expect(await page.evaluate(`'ran' in window`)).toBe(false)
    await expect.poll(() => page.locator('nav[aria-label="Places"]').count()).toBe(1)
    expect(asked).toEqual([])
  })

  it('has an empty frame under the same policy, and without the bridge', async () => {
    const found = await page.evaluate<Record<string, unknown>>(`(async () => {
      const frame = document.createElement('iframe')
      frame.src = 'about:blank'
      document.body.append(frame)
      const inner = frame.contentWindow
      const answer = { bridge: inner ? 'normlab' in inner : false, ran: false, loaded: 'refused' }
      if (inner) {
        const script = inner.document.createElement('script')
        script.textContent = 'parent.outOfFrame = 1'
        inner.document.body.append(script)
        answer.ran = 'outOfFrame' in window
        answer.loaded = await inner.fetch('${outsideAddress()}', { mode: 'no-cors' }).then(() => 'loaded', () => 'refused')
      }
      frame.remove()
      return answer
    })()`)
    expect(found).toEqual({ bridge: false, ran: false, loaded: 'refused' })
  })

  it('opens no other window, and holds no page of the kind that a webview is', async () => {
    const opened = await page.evaluate(
      `['https://example.org/', 'about:blank', 'app://lab/index.html', ''].map((address) => window.open(address) === null)`,
    )
    expect(opened).toEqual([true, true, true, true])
    await page.evaluate(`(() => {
      const link = Object.assign(document.createElement('a'), { href: 'about:blank', target: '_blank' })
      document.body.append(link)
      link.click()
      document.body.append(document.createElement('webview'))
    })()`)
    const webviews = await app.evaluate(async ({ BrowserWindow, webContents }) => {
      // One that is allowed webviews, by a mistake.
      const window = new BrowserWindow({ show: false, webPreferences: { webviewTag: true } })
      await window.loadURL('data:text/html,<webview src="about:blank" style="width:9px;height:9px"></webview>')
      await new Promise((resolve) => setTimeout(resolve, 500))
      const count = webContents.getAllWebContents().filter((one) => one.getType() === 'webview').length
      window.destroy()
      return count
    })
    expect(webviews).toBe(0)
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })

  it('lets its page copy a table, and ask for nothing else; a foreign page not even that', async () => {
    const states = (names: readonly string[]): string =>
      `Promise.all(${JSON.stringify(names)}.map((name) => navigator.permissions.query({ name }).then(({ state }) => state, () => 'denied')))`
    const names = [
      'camera',
      'microphone',
      'geolocation',
      'notifications',
      'midi',
      'clipboard-read',
      'background-sync',
      'idle-detection',
    ]
    expect(await page.evaluate(states(names))).toEqual(names.map(() => 'denied'))
    expect(await page.evaluate(states(['clipboard-write']))).toEqual(['granted'])
    expect(await inForeignPage(states(['clipboard-write', 'geolocation']))).toEqual(['denied', 'denied'])
    const asks = `Promise.all([
      Notification.requestPermission(),
      new Promise((resolve) => navigator.geolocation.getCurrentPosition(() => resolve('told'), ({ code }) => resolve(code === 1 ? 'denied' : 'code ' + code))),
      navigator.requestMIDIAccess ? navigator.requestMIDIAccess().then(() => 'given', () => 'denied') : 'denied',
      navigator.mediaDevices ? navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'given', ({ name }) => name === 'NotAllowedError' ? 'denied' : 'denied: ' + name) : 'denied',
      navigator.usb ? navigator.usb.getDevices().then((found) => found.length === 0 ? 'denied' : 'given', () => 'denied') : 'denied',
    ])`
    expect((await page.evaluate<string[]>(asks)).map((answer) => answer.split(':')[0])).toEqual(Array(5).fill('denied'))
  })

  it('tells no address of this machine by WebRTC', async () => {
    const gather = `(async () => {
      const peer = new RTCPeerConnection({ iceServers: [] })
      const found = []
      const done = new Promise((resolve) => {
        peer.onicecandidate = ({ candidate }) => candidate && candidate.candidate ? found.push(candidate.candidate) : resolve()
      })
      peer.createDataChannel('x')
      await peer.setLocalDescription(await peer.createOffer())
      await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 3000))])
      const { sdp } = peer.localDescription
      peer.close()
      return [...found, ...(sdp.match(/^a=candidate.*$/gm) ?? [])]
    })()`
    expect(await page.evaluate(gather)).toEqual([])
    expect(await inForeignPage(gather)).toEqual([])
  })

  it('listens to its own pages alone: a foreign one gets no port, and opens no dialog', async () => {
    await app.evaluate(({ dialog }) => {
      const shown = ((globalThis as Record<string, unknown>)['dialogs'] = [] as string[])
      dialog.showOpenDialog = (() => (shown.push('open'), Promise.resolve({ canceled: true, filePaths: [] }))) as never
      dialog.showSaveDialog = (() => (shown.push('save'), Promise.resolve({ canceled: true, filePath: '' }))) as never
    })
    const dialogs = (): Promise<string[]> => app.evaluate(() => (globalThis as unknown as { dialogs: string[] }).dialogs)
    const call = `(async () => {
      let port = false
      window.addEventListener('message', ({ ports }) => (port ||= ports.length > 0))
      window.normlab.connect()
      const answers = await Promise.all([
        window.normlab.files({ kind: 'import' }), window.normlab.files({ kind: 'export-dataset', name: 'digits' }), window.normlab.source({ what: 'files' }),
      ].map((asked) => asked.catch(() => null)))
      await new Promise((resolve) => setTimeout(resolve, 300))
      return { port, answers }
    })()`
    expect(await inForeignPage(call)).toEqual({ port: false, answers: [null, null, null] })
    expect(await dialogs()).toEqual([])
    // The same words of its own page open them.
    expect(await page.evaluate(call)).toMatchObject({ port: true })
    expect((await dialogs()).sort()).toEqual(['open', 'open', 'save'])
  })

  it('takes nothing for a request that has not the form of one', async () => {
    const answers = await page.evaluate<unknown[]>(`(async () => {
      const hostile = [null, 1, 'x', [], {}, { kind: 'export' }, { kind: 'export', runs: [1], format: 'exe' }, { kind: 'export', runs: ['../x'], format: 'csv' },
        { kind: 'import-weights', item: -1 }, { kind: 'export-dataset', name: '../../etc/passwd' + 'x'.repeat(1e6) }, { kind: 'import', file: '/etc/passwd' },
        JSON.parse('{"__proto__":{"kind":"import"}}'), { what: 'files', folder: '/etc' }, new Array(1e5).fill({ kind: 'import' })]
      return Promise.all(hostile.flatMap((asked) => [window.normlab.files(asked).catch(() => 'thrown'), window.normlab.source(asked).catch(() => 'thrown')]))
    })()`)
    expect(answers.filter((answer) => answer !== null)).toEqual([])
    await expect.poll(() => page.locator('nav[aria-label="Places"]').count()).toBe(1)
  })

  // The last one: where Electron ends the page's process over it, Playwright takes that for the end of the page.
  it('comes back from about:blank, about which Chromium asks nobody', async () => {
    const back = await app.evaluate(async ({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!
      // about:blank may be done before the way back begins.
      const loaded = new Promise<void>((resolve) => {
        webContents.on('did-finish-load', () => webContents.getURL() !== 'about:blank' && resolve())
        setTimeout(resolve, 10_000)
      })
      void webContents.executeJavaScript(`void setTimeout(() => (location.href = 'about:blank'))`)
      await loaded
      return webContents.getURL()
    })
    expect(back).toMatch(/^app:\/\/lab\/index\.html/)
    // And by itself, where the process lives on.
    const other = await app.evaluate(async ({ BrowserWindow }) => {
      const window = new BrowserWindow({ show: false })
      await window.loadURL('app://lab/index.html')
      const seen: string[] = []
      const over = new Promise<void>((resolve) => {
        window.webContents.on('render-process-gone', () => seen.push('gone'))
        window.webContents.on('did-finish-load', () => {
          seen.push(window.webContents.getURL())
          if (seen.includes('about:blank') && seen.at(-1) !== 'about:blank') resolve()
        })
        setTimeout(resolve, 5000)
      })
      await window.loadURL('about:blank').catch(() => undefined)
      await over
      window.destroy()
      return seen
    })
    expect(other.at(-1)).toMatch(/^app:\/\/lab\/index\.html/)
    expect(asked).toEqual([])
  })
})
