import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { manualPage } from '../../../build/manual/tree'
import { parse } from '../../../main/cli/arguments'
import { findCommand } from '../../../main/cli/program'
import { sectionsOf, textOf, type ManualElement, type ManualNode } from '../../../shared/manual'

const ROOT = path.resolve(__dirname, '../../..')
/** By their paths from the root. */
const FILES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(path.join(ROOT, 'docs')).map((name) => `docs/${name}`),
].filter((file) => file.endsWith('.md') && existsSync(path.join(ROOT, file)))
const textIn = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8')
const parsed = new Map(FILES.map((file) => [file, manualPage(textIn(file), file, (address) => address)]))

function elements(nodes: readonly ManualNode[]): ManualElement[] {
  return nodes.flatMap((node) => (typeof node === 'string' ? [] : [node, ...elements(node.children)]))
}

/** Every anchor of a page, as GitHub makes it. */
function anchors(file: string): Set<string> {
  return new Set(elements(parsed.get(file)!.nodes).flatMap(({ id }) => (id === undefined ? [] : [id])))
}

describe.each(FILES)('%s', (file) => {
  const all = elements(parsed.get(file)!.nodes)

  test('its links lead somewhere', () => {
    const broken = all
      .filter(({ tag }) => tag === 'a')
      .map(({ href }) => href!)
      .filter((href) => {
        if (/^https:\/\//.test(href)) return !URL.canParse(href)
        const [name, id] = href.split('#') as [string, string | undefined]
        const plain = name === '' ? file : path.join(path.dirname(file), name)
        const target = existsSync(path.join(ROOT, plain)) ? plain : `${plain}.md`
        if (!existsSync(path.join(ROOT, target))) return true
        return id !== undefined && !anchors(target).has(id)
      })
    expect(broken).toEqual([])
  })

  test('its pictures are there, and are said in words too', () => {
    const faults = all
      .filter(({ tag }) => tag === 'img')
      .filter(({ src, alt }) => !existsSync(path.join(ROOT, path.dirname(file), src!)) || !alt?.trim())
      .map(({ src }) => src)
    expect(faults).toEqual([])
  })

  test('its commands are commands', () => {
    const faults = commandsIn(all).flatMap(({ line, isWhole }) => {
      try {
        const words = shellWords(line)
        const command = findCommand(words)
        const rest = words.slice(command.words.split(' ').length)
        // `normlab runs delete` in running text tells of a command, with less than it needs.
        parse(command, isWhole || rest.includes('--help') ? rest : [...rest, '--help'])
        return []
      } catch (error) {
        const said = (error as Error).message
        return !isWhole && /alone says too little|too many/.test(said) ? [] : [`${line}: ${said}`]
      }
    })
    expect(faults).toEqual([])
  })
})

test('the README leads to each page of the guide', () => {
  const linked = elements(parsed.get('README.md')!.nodes).map(({ href }) => href)
  expect(FILES.filter((file) => file.startsWith('docs/') && !linked.includes(file))).toEqual([])
})

test('no picture lies about unused', () => {
  const used = new Set(
    FILES.flatMap((file) => elements(parsed.get(file)!.nodes).flatMap(({ src }) => (src ? [path.basename(src)] : []))),
  )
  expect(readdirSync(path.join(ROOT, 'docs/images')).filter((name) => !used.has(name))).toEqual([])
})

test('commands are found where there are some, and a wrong one is seen', () => {
  expect(FILES.flatMap((file) => commandsIn(elements(parsed.get(file)!.nodes))).length).toBeGreaterThan(60)
  const wrong = manualPage('# A\n\n```\nnpm run -s normlab -- train net --no-such-option 3   # a word\n```\n', 'a.md', String)
  const [first] = commandsIn(elements(wrong.nodes))
  expect(first).toEqual({ line: 'train net --no-such-option 3', isWhole: true })
  const words = shellWords(first!.line)
  expect(() => parse(findCommand(words), words.slice(1))).toThrow('there is no option --no-such-option')
})

test('a page is taken apart as GitHub shows it, and HTML is refused', () => {
  const page = manualPage(
    '# T\n\nA *b* `c<d` [e](runs.md#states).\nNext\n\n## Its *own* `x` part\n\n- one\n- two\n\n| a |\n| --- |\n| b |\n',
    'a.md',
    String,
  )
  expect(page.title).toBe('T')
  expect(page.nodes.map(textOf)).toEqual(['T', 'A b c<d e. Next', 'Its own x part', 'one two', 'ab'])
  expect(elements(page.nodes).find(({ tag }) => tag === 'a')?.href).toBe('runs#states')
  expect(sectionsOf(page).map(({ id, title }) => [id, title])).toEqual([
    [null, 'T'],
    ['its-own-x-part', 'Its own x part'],
  ])
  expect(() => manualPage('# T\n\n<script>alert(1)</script>\n', 'a.md', String)).toThrow('a.md')
  expect(() => manualPage('no title', 'a.md', String)).toThrow('has no title')
})

/** Lines of the command line in blocks of code (`isWhole`: as one would type them) and in running text. */
function commandsIn(all: readonly ManualElement[]): { line: string; isWhole: boolean }[] {
  const blocks = new Set(all.filter(({ tag }) => tag === 'pre').flatMap(({ children }) => children))
  return all
    .filter(({ tag }) => tag === 'code')
    .flatMap((code) =>
      textOf(code)
        .replace(/\\\n\s*/g, '')
        .split('\n')
        .flatMap((text) => {
          const match = /^(?:\$ )?(?:npm run -s normlab -- |normlab )([a-z].*)$/.exec(text.trim())
          if (!match) return []
          const line = match[1]!.replace(/\s+(#|&&|\||>|<).*$/, '').replace(/[[\]]/g, '')
          const isWhole = blocks.has(code) && !line.includes('…')
          return [{ line: line.replace(/\s*….*$/, '').trim(), isWhole }]
        }),
    )
    .filter(({ line }) => line !== '' && !line.startsWith('COMMAND'))
}

function shellWords(line: string): string[] {
  return [...line.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) => word.replace(/['"]/g, ''))
}

test('what the page of troubles quotes is what the program says', () => {
  const said = ['main', 'shared', 'renderer', 'build']
    .flatMap((folder) => readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(ts|vue)$/.test(entry.name))
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8').replace(/\s+/g, ' '))
    .join('\n')
  const messages = elements(parsed.get('docs/troubleshooting.md')!.nodes)
    .filter(({ tag }) => tag === 'tr')
    .flatMap(({ children: [first] }) => elements([first!]).filter(({ tag }) => tag === 'code'))
    .map(textOf)
  expect(messages.length).toBeGreaterThan(25)
  expect(messages.filter((message) => !said.includes(message))).toEqual([])
})
