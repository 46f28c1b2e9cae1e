import { expect, it } from 'vitest'
import { reportPage } from '../../../main/report/page'

const rest = { title: 'r', lines: [], verdict: [], charts: [], profiles: [], repeat: [], methods: '', bibtex: '', documents: [] }
const table = (columns: readonly string[], ...rows: string[][]): string => {
  const page = reportPage({ ...rest, tables: [{ title: 'Results', says: '', columns, rows }] }, { script: '', style: '' })
  return /<table>.*<\/table>/s.exec(page)![0].replace(/\n/g, '')
}

it('lays a table of few runs and many measures on its side, and any other as it is', () => {
  const columns = ['run', ...Array.from({ length: 9 }, (_, i) => `m${i}`)]
  const row = (name: string): string[] => [name, ...columns.slice(1).map((column) => `${name}<${column}`)]
  const turned = table(columns, row('a'), row('b'))
  expect(turned).toContain(
    '<thead><tr><th>run</th><th>a</th><th>b</th></tr></thead><tbody><tr><th>m0</th><td>a&lt;m0</td><td>b&lt;m0</td></tr>',
  )
  const many = table(columns, ...Array.from({ length: 8 }, (_, i) => row(`r${i}`)))
  expect(many).toContain(
    `<tr>${row('r7')
      .map((cell) => `<td>${cell.replace('<', '&lt;')}</td>`)
      .join('')}</tr>`,
  )
  expect(table(['setting', 'value'], ['seed', '1'])).toContain('<thead><tr><th>setting</th><th>value</th></tr></thead>')
})
