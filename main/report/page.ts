import { createHash } from 'node:crypto'
import type { Report, ReportTable } from '../../shared/report/report'

export interface ReportParts {
  /** The page's own program and style, which are written into it. */
  readonly script: string
  readonly style: string
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const text = (value: string): string => value.replace(/[&<>"']/g, (character) => ENTITIES[character]!)

/** A value within a script element: nothing in it ends that. */
const json = (value: unknown): string =>
  JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`)

const sourceHash = (content: string): string => `'sha256-${createHash('sha256').update(content).digest('base64')}'`

/**
 * A report as one HTML file, which needs nothing but a browser: no server, no network. Names in it are somebody's text; its policy lets the
 * program in it run and nothing else, and nothing be fetched.
 */
export function reportPage(report: Report, { script, style }: ReportParts): string {
  const policy = `default-src 'none'; script-src ${sourceHash(script)}; style-src ${sourceHash(style)}; style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${text(policy)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${text(report.title)} – NormLab</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    `<h1>${text(report.title)}</h1>`,
    ...report.lines.map((line) => `<p class="facts">${text(line)}</p>`),
    ...(report.verdict.length > 0 ? ['<h2>Verdict</h2>', `<pre>${text(report.verdict.join('\n'))}</pre>`] : []),
    ...report.tables.slice(0, 1).map(tableHtml),
    ...(report.charts.length + report.profiles.length > 0 ? ['<h2>Charts</h2>'] : []),
    ...(report.charts.length > 0
      ? [
          '<p class="facts for-screens">The wheel makes an axis wider and narrower, a double click shows all, a name in a legend switches its curve.</p>',
        ]
      : []),
    ...report.charts.map(({ title, unit }, i) => figure(`chart-${i}`, unit ? `${title}, ${unit}` : title)),
    ...report.profiles.map(({ title }, i) => figure(`profile-${i}`, title)),
    ...report.tables.slice(1).map(tableHtml),
    '<h2>How to repeat it</h2>',
    ...report.repeat.flatMap(({ title, command, note }) => [
      `<p class="above">${text(title)}${note === '' ? '' : ` (${text(note)})`}</p>`,
      `<pre>${text(command)}</pre>`,
    ]),
    '<h2>Methods</h2>',
    `<p>${text(report.methods)}</p>`,
    '<h2>To cite</h2>',
    `<pre>${text(report.bibtex)}</pre>`,
    ...report.documents.map(
      ({ name, text: document }) =>
        `<details><summary>Document of the network “${text(name)}”</summary><pre>${text(document)}</pre></details>`,
    ),
    `<script type="application/json" id="report-data">${json({ charts: report.charts, profiles: report.profiles })}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function figure(id: string, title: string): string {
  return `<figure><figcaption>${text(title)}</figcaption><div class="legend"></div><div class="chart" id="${id}" role="img" aria-label="${text(title)}"></div><div class="readout" aria-live="polite"></div></figure>`
}

/** Columns that a page of paper has room for. */
const MOST_COLUMNS = 8

/** Where few rows have more columns than there is room for, the columns stand one below another. */
function tableHtml({ title, says, columns, rows }: ReportTable): string {
  const cells = (tag: 'th' | 'td', values: readonly string[]): string =>
    values.map((value) => `<${tag}>${text(value)}</${tag}>`).join('')
  const isTurned = columns.length > MOST_COLUMNS && rows.length < MOST_COLUMNS
  const [head, ...lines] = isTurned ? columns.map((column, i) => [column, ...rows.map((row) => row[i]!)]) : [columns, ...rows]
  const body = lines.map(([first, ...rest]) => `<tr>${cells(isTurned ? 'th' : 'td', [first!])}${cells('td', rest)}</tr>`)
  return `<h2>${text(title)}</h2>\n${says ? `<p class="facts">${text(says)}</p>` : ''}<div class="table"><table><thead><tr>${cells('th', head!)}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table></div>`
}
