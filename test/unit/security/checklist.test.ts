import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isOwnAddress } from '../../../main/window/address'
import { CONTENT_POLICY } from '../../../main/window/content-policy'
import { fileOf } from '../../../main/window/page-files'
import { LabApi } from '../../../shared/api'
import { canNameFile } from '../../../shared/file-path'

const root = path.resolve(__dirname, '../../..')

/** Source files of a folder, with their text. */
function sources(folder: string): { file: string; text: string }[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) return sources(file)
    return /\.(ts|vue|html)$/.test(entry.name) ? [{ file, text: readFileSync(path.join(root, file), 'utf8') }] : []
  })
}
const main = [...sources('main'), ...sources('shared')]
const renderer = sources('renderer')
const having = (among: typeof main, pattern: RegExp): string[] =>
  among.flatMap(({ file, text }) => (pattern.test(text) ? [file] : []))

/** What of Electron's list shows in the source alone; the rest is looked at in the running app, by test/e2e/security.test.ts. */
describe('the source', () => {
  it('hands no address to the system’s programs', () => {
    expect(having(main, /shell\s*\.\s*open|openExternal|openPath/)).toEqual([])
  })

  // The third is a report that is printed, in a session of its own.
  it('loads no page but the app’s', () => {
    expect(having(main, /loadFile\(|executeJavaScript\(/)).toEqual([])
    const loaded = main.flatMap(({ text }) => [...text.matchAll(/loadURL\((.*?)\)/g)].map(([, what]) => what!))
    expect(loaded.sort()).toEqual(['APP_ADDRESS', 'APP_ADDRESS', 'address'])
  })

  it('switches nothing of the browser’s guard off', () => {
    const off = /webSecurity: false|sandbox: false|contextIsolation: false|nodeIntegration\w*: true|webviewTag: true|experimentalFeatures|allowRunningInsecureContent|enableBlinkFeatures/ // prettier-ignore
    expect(having(main, off)).toEqual([])
    expect(having(main, /disable-web-security|ignore-certificate-errors|remote-debugging/)).toEqual([])
    // Root alone, for whom Chromium has none, and for a report of ours, whose policy lets nothing be fetched.
    expect(having(main, /no-sandbox/)).toEqual([path.join('main', 'report', 'pdf.ts')])
    expect(readFileSync(path.join(root, 'main/report/pdf.ts'), 'utf8')).toContain("getuid?.() === 0 ? ['--no-sandbox'] : []")
  })

  it('looks at the sender of every message of Electron’s channels', () => {
    const listening = main.filter(({ text }) => /ipcMain\s*\.\s*(on|handle|once)\w*\(/.test(text))
    expect(listening.length).toBeGreaterThan(0)
    expect(listening.flatMap(({ file, text }) => (text.includes('isOwnPage(') ? [] : [file]))).toEqual([])
  })

  // No clock of a test could tell: how it is compared is read.
  it('compares words in constant time', () => {
    const entrance = readFileSync(path.join(root, 'main/serve/entrance.ts'), 'utf8')
    expect(entrance).toContain('return given.length === right.length && timingSafeEqual(given, right)')
    // The kept address is compared with one of our own.
    const serve = main.filter(({ file }) => file.startsWith(path.join('main', 'serve')) && !file.endsWith('kept-address.ts'))
    expect(having(serve, /[!=]==?\s*(this\.)?(token|ticket|current)\b|\b(token|ticket|current)\s*[!=]==?/)).toEqual([])
  })

  it('makes no page, code or style out of text', () => {
    expect(having(renderer, /v-html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(/)).toEqual([])
    const html = renderer.find(({ file }) => file.endsWith('index.html'))!.text
    expect(html).not.toMatch(/<style|\son\w+=|<script(?![^>]*\ssrc=)/)
  })

  it('takes no page to be its own by how its address begins', () => {
    expect(isOwnAddress('app://lab/index.html#/runs')).toBe(true)
    for (const address of [
      'app://lab.evil/',
      'app://lab@evil/',
      'https://lab/',
      'app://evil/#app://lab/',
      'about:blank',
      'blob:app://lab/1',
      '',
    ])
      expect(isOwnAddress(address)).toBe(false)
  })

  it('finds no file outside of the pages’ folder', () => {
    expect(fileOf('/pages', 'app://lab/assets/a.js')).toBe(path.join('/pages', 'assets/a.js'))
    for (const name of ['..%2fsecret', '%2e%2e%2fsecret', '..%5csecret', 'a%00.js', '%', '..%2fpages-of-others%2fx.js'])
      expect(fileOf('/pages', `app://lab/${name}`)).toBeNull()
    expect(fileOf('/pages', 'app://other/a.js')).toBeNull()
  })

  it('has a policy in which nothing is allowed but by name', () => {
    expect(CONTENT_POLICY).toMatch(/^default-src 'none'/)
    expect(CONTENT_POLICY).not.toMatch(/unsafe|\*|https?:|wss?:/)
    for (const none of ['frame-src', 'worker-src', 'object-src', 'base-uri', 'form-action', 'frame-ancestors'])
      expect(CONTENT_POLICY).toContain(`${none} 'none'`)
  })
})

describe('the lab’s requests', () => {
  /** Every schema within one. */
  function within(schema: unknown, seen = new Set<unknown>()): Set<unknown> {
    if (typeof schema !== 'object' || schema === null || seen.has(schema)) return seen
    if (schema instanceof z.ZodType) {
      seen.add(schema)
      const { def } = schema as unknown as { def: Record<string, unknown> }
      for (const part of Object.values(def)) within(part, seen)
      if (schema instanceof z.ZodLazy) within(schema.unwrap(), seen)
      if (schema instanceof z.ZodObject) within(schema.shape, seen)
    } else for (const part of Object.values(schema)) within(part, seen)
    return seen
  }

  it('hide no file’s path where the guard of the ports would not see it', () => {
    const named = Object.entries(LabApi).flatMap(([name, { input }]) => {
      const hasPath = [...within(input)].some((part) => z.globalRegistry.get(part as z.ZodType)?.['isFilePath'] === true)
      return hasPath === canNameFile(input) ? [] : [name]
    })
    expect(named).toEqual([])
    expect(canNameFile(LabApi['runs.export'].input)).toBe(true)
  })

  it('call a path by nothing but its schema', () => {
    // Fields that are called like files have to be declared as such.
    const undeclared = Object.entries(LabApi).flatMap(([name, { input }]) => {
      const shape = input instanceof z.ZodObject ? (input.shape as Record<string, z.ZodType>) : {}
      return Object.entries(shape).flatMap(([field, part]) =>
        /^(file|files|path|folder|out)$/.test(field) && !canNameFile(part) ? [`${name}: ${field}`] : [],
      )
    })
    expect(undeclared).toEqual([])
  })
})
