import { expect, it } from 'vitest'
import { csvText } from '../../../shared/csv'
import { shortestSingle } from '../../../shared/float32'
import { askPython, readCsv } from '../support/python'

it('names with commas, quotes, line breaks and signs come back; what a spreadsheet would execute has an apostrophe in front', () => {
  const names = [
    'a,b',
    'say "x"',
    '=1+2',
    '-1+1',
    '+x',
    '@sum',
    '\tx',
    '残差 – ü',
    'two\nlines',
    'cr\rlf\r\n',
    'run #3',
    '-1.5',
    "'",
    '',
  ]
  const text = csvText({
    comments: ['Ratio of two\nlines, ‖g‖', 'and\r\nmore'],
    columns: ['name', '=header', 'value'],
    rows: names.map((name, i) => [name, 'x', i]),
  })
  const [header, ...rows] = readCsv(text)
  expect(header).toEqual(['name', "'=header", 'value'])
  expect(rows.map(([name]) => name)).toEqual(names.map((name) => (/^[=@\t]|^-1\+|^\+x/.test(name) ? `'${name}` : name)))
  expect(rows.map((row) => row[2])).toEqual(names.map((_, i) => String(i)))
  expect(text.split('\n').filter((line) => line.startsWith('#'))).toEqual(['# Ratio of two lines, ‖g‖', '# and more'])
})

it('numbers read back to the last bit, infinities as numbers, and what is missing is empty', () => {
  const numbers = [
    0.1 + 0.2,
    1 / 3,
    5e-324,
    1.7976931348623157e308,
    1e21,
    -0,
    123456789012345680,
    9e-16,
    Infinity,
    -Infinity,
    NaN,
  ]
  const text = csvText({ columns: ['value', 'nothing'], rows: numbers.map((value) => [value, null]) })
  const [, ...rows] = readCsv(text)
  const read = askPython(
    'import json, sys\nprint(json.dumps([float(x).hex() for x in json.load(sys.stdin)]))',
    JSON.stringify(rows.map(([value]) => value)),
  )
  const written = askPython(
    'import json, sys\nprint(json.dumps([float(x).hex() for x in json.load(sys.stdin)]))',
    JSON.stringify(numbers.map((value) => (Object.is(value, -0) ? '-0' : String(value)))),
  )
  expect(read).toEqual(written)
  expect(rows.every((row) => row[1] === '')).toBe(true)
})

it('a single-precision number has as few decimals as read back the same', () => {
  expect(
    [0.1, 1 / 3, 2.370598077774048, 16777216, 1e-30, 3.4028234663852886e38].map((x) => shortestSingle(Math.fround(x))),
  ).toEqual([0.1, 0.33333334, 2.370598, 16777216, 1e-30, 3.4028235e38])
  const bits = new Uint32Array(1)
  const value = new Float32Array(bits.buffer)
  for (let word = 1; word < 0x7f800000; word += 1_234_567) {
    bits[0] = word
    expect(Math.fround(shortestSingle(value[0]!))).toBe(value[0])
  }
  expect([NaN, Infinity, 0].map(shortestSingle)).toEqual([NaN, Infinity, 0])
})
