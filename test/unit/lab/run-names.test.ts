import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { resolveNetwork } from '../../../shared/architecture'
import { Configuration } from '../../../shared/configuration'
import { nameOf } from '../../../main/lab/run-names'
import type { planRun } from '../../../main/lab/start'
import { Store } from '../../../main/store/store'

let folder: string
let store: Store
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'normlab-names-'))
  store = new Store(folder)
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

it('tells a run on a set of one’s own by the set’s name, without its hash', () => {
  const { document: network } = resolveNetwork('plain:blocks=1')
  const of = (data: string, dataHash?: string) => Configuration.parse({ network, data: { name: data }, dataHash })
  const named = (configuration: Configuration): string =>
    nameOf(store, { configuration } as ReturnType<typeof planRun>, undefined)
  const about = { units: [], parameters: 1, versions: {}, owner: null, ownerPid: null }
  for (const configuration of [of('shapes10'), of('mine', 'a'.repeat(64)), of('mine', 'b'.repeat(64))])
    store.runs.create({ name: named(configuration), configuration, ...about })
  const names = store.runs.names().map(({ name }) => name)
  expect(names.sort()).toEqual(['plain:blocks=1', 'plain:blocks=1 · data mine', 'plain:blocks=1 · data mine (2)'])
})
