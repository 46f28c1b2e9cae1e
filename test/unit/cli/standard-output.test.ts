import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { StandardOutput } from '../../../main/cli/standard-output'

const streams = () => ({ out: new PassThrough(), err: new PassThrough() })

it('writes what a terminal would obey as its escape, and JSON stays the same', () => {
  const { out, err } = streams()
  const output = new StandardOutput(out, err)
  output.print(`a\tb\n\u001b[31m\u009b2J${JSON.stringify('\u009b')}\n`)
  const [first, second] = String(out.read()).split('\n')
  expect(first).toBe('a\tb')
  expect(second).toBe('\\u001b[31m\\u009b2J"\\u009b"')
  expect(JSON.parse('"\\u009b"')).toBe('\u009b')
})

it('says once that its reader has left, and the status stays; a full disk changes it', () => {
  const { out, err } = streams()
  const output = new StandardOutput(out, err)
  out.emit('error', Object.assign(new Error('x'), { code: 'EPIPE' }))
  out.emit('error', Object.assign(new Error('x'), { code: 'EPIPE' }))
  output.print('more')
  expect(String(err.read()).match(/nobody reads standard output/g)).toHaveLength(1)
  expect([out.read(), output.statusOf(0), output.statusOf(1)]).toEqual([null, 0, 1])

  const full = streams()
  const other = new StandardOutput(full.out, full.err)
  full.out.emit('error', Object.assign(new Error('x'), { code: 'ENOSPC' }))
  expect([other.statusOf(0), other.statusOf(1)]).toEqual([2, 1])
})
