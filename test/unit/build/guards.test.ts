import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { FILE_GUARDS } from '../../../build/guards/file-guards'
import { withoutGuard } from '../../../build/guards/guard'
import { PAGE_GUARDS } from '../../../build/guards/page-guards'
import { SERVER_GUARDS } from '../../../build/guards/server-guards'

const root = path.resolve(__dirname, '../../..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')
const guards = [...SERVER_GUARDS, ...PAGE_GUARDS, ...FILE_GUARDS]

// Whether their tests fail then, `npm run guards` sees.
it('each guard of the list stands in its file as it says, and its test is there', () => {
  for (const guard of guards) {
    const text = read(guard.file)
    expect(withoutGuard(guard, text), guard.name).not.toBe(text)
    const [file, ...names] = guard.test
    for (const words of names) expect(read(file).includes(words!), `${guard.name}: ${words}`).toBe(true)
  }
  const names = guards.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})
