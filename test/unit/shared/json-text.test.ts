import { describe, expect, it } from 'vitest'
import { networkFromDocument } from '../../../shared/architecture'
import { parseJson } from '../../../shared/json-text'

describe('JSON from a file', () => {
  it('that gives a field twice is refused with its line, whatever is written in its texts', () => {
    expect(() => parseJson('{"a": 1,\n "b": {"a": 2},\n "a": 3}', 'x.json')).toThrow(
      'x.json, line 3: “a” is given twice; take one of them away',
    )
    expect(() => parseJson('{"\\u0061": 1, "a": 2}', 'x.json')).toThrow('“a” is given twice')
    const text = '{"a": "\\"a\\": \\\\", "b": [{"a": "{"}, {"a": "}"}], "c\\\\": {"a": {}}}'
    expect(parseJson(text, 'x.json')).toEqual(JSON.parse(text))
  })

  it('that breaks off behind a text of many megabytes is told where', () => {
    const text = `["${'x'.repeat(20_000_000)}", `
    expect(() => parseJson(text, 'x.json')).toThrow(`x.json, line 1, column ${text.length + 1}: this is not JSON`)
  })

  it('of one long text is read, and with a byte order mark', () => {
    expect(parseJson(`\ufeff{"a":"${'x\\"'.repeat(5_000_000)}"}`, 'x.json')).toMatchObject({
      a: expect.stringContaining('x"x') as string,
    })
  })

  it('is told by the place of what is wrong in it, whose long names are cut', () => {
    const id = 'x'.repeat(1e6)
    const document = { format: 'normlab/network', version: 1, name: 'n', nodes: [{ id, kind: 'relu' }] }
    const told = (): string => {
      try {
        networkFromDocument(document, 'x.json')
        return ''
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(told()).toMatch(/^x\.json: node “x+…x+”, id: must be letters/)
    expect(told().length).toBeLessThan(250)
  })

  it('is no network where an attribute holds lists without end', () => {
    const text = `{"format":"normlab/network","version":1,"name":"n","nodes":[{"id":"a","kind":"relu","attributes":{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}}]}`
    expect(() => networkFromDocument(parseJson(text, 'x.json'), 'x.json')).toThrow(
      'x.json: node “a”, attributes: must not hold lists or objects so deep in one another',
    )
  })
})
