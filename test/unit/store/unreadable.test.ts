import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resolveNetwork } from '../../../shared/architecture'
import { Configuration } from '../../../shared/configuration'
import { experiments } from '../../../main/store/experiments'
import { libraryItems } from '../../../main/store/library'
import { annotations, comparisons } from '../../../main/store/notes'
import { Store } from '../../../main/store/store'

const { document } = resolveNetwork('plain:blocks=1,widths=2/4', { input: [8, 8, 1], classes: 10 })
const configuration = Configuration.parse({ network: document })

let home: string
let store: Store
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'normlab-unreadable-'))
  store = new Store(home)
  for (const name of ['before', 'spoilt', 'after'])
    store.runs.create({ name, configuration, units: [], parameters: 1, versions: {}, owner: null, ownerPid: null })
})
afterEach(() => {
  store.close()
  rmSync(home, { recursive: true })
})

/** Bytes that are no UTF-8, as text. */
const NO_TEXT = "CAST(x'41fffe' AS TEXT)"

describe('a run of which something cannot be read', () => {
  it.each([
    ['name', NO_TEXT, 'its name is no UTF-8 text'],
    ['note', NO_TEXT, 'its note is no UTF-8 text'],
    ['state', "'flying'", 'its state cannot be read'],
    ['units', `'[{"name":"x","kind":"wheel","shape":[]}]'`, 'its units cannot be read'],
    ['units', "'['", 'its units cannot be read'],
    ['notices', `'[{"step":"one"}]'`, 'its notices cannot be read'],
    ['tags', NO_TEXT, 'its tags cannot be read'],
    ['problem', `'{"text":1}'`, 'its problem cannot be read'],
    ['steps', '9007199254740993', 'its count of steps cannot be read'],
    ['parameters', '-9223372036854775808', 'its count of parameters cannot be read'],
    ['seed', '9223372036854775807', 'its seed cannot be read'],
    ['created_at', "'yesterday'", 'its time of its making cannot be read'],
    ['cell', "'{}'", 'its cell cannot be read'],
    ['configuration', "'{'", 'its configuration cannot be read'],
    ['configuration', NO_TEXT, 'its configuration cannot be read'],
  ])('is listed with a sentence about its %s (%s), and costs no other its place', (column, value, sentence) => {
    const whole = store.runs.all()
    store.execute(`UPDATE runs SET ${column} = ${value} WHERE id = 2`)
    const [after, spoilt, before] = store.runs.all()
    expect([after, before]).toEqual([whole[0], whole[2]])
    expect(spoilt).toMatchObject({ id: 2, unreadable: [sentence] })
    expect(store.runs.marks().size).toBe(3)
    expect(store.runs.get(2)).toEqual(spoilt)
  })

  it.each([
    ["'$.training.flux'", '1.5', 'training.flux: this NormLab knows no such setting'],
    ["'$.training.batch'", '0', 'training.batch: must be at least 1'],
    ["'$.training.augmentation.crop'", `'wide'`, 'training.augmentation.crop: must be a number, not a string'],
    ["'$.version'", '77', 'the configuration is of a newer NormLab (its version is 77, this one knows up to 3)'],
  ])('keeps the rest of its configuration where %s is %s, and is not run', (place, value, sentence) => {
    store.execute(`UPDATE runs SET configuration = json_set(configuration, ${place}, ${value}) WHERE id = 2`)
    expect(store.runs.get(2).unreadable).toEqual([`its configuration cannot be read whole: ${sentence}`])
    expect(store.runs.readConfiguration(2)).toMatchObject({ configuration, problems: [sentence] })
    expect(() => store.runs.configuration(2)).toThrow(`the configuration of run 2: ${sentence}`)
  })

  it('has a stand-in for a network that cannot be read', () => {
    store.execute(`UPDATE runs SET configuration = json_set(configuration, '$.network.nodes', 3) WHERE id = 2`)
    const { configuration: read, problems } = store.runs.readConfiguration(2)
    expect(read).toMatchObject({ training: configuration.training, network: { name: 'unreadable' } })
    expect(problems).toEqual([expect.stringMatching(/^network\.nodes: /)])
  })

  it('takes a notice in the place of those that cannot be read', () => {
    store.execute(`UPDATE runs SET notices = 'none' WHERE id = 2`)
    const notice = { step: 1, at: '2026-01-01T00:00:00.000Z', message: 'here' }
    store.runs.addNotice(2, notice)
    expect(store.runs.get(2)).toMatchObject({ notices: [notice], unreadable: [] })
  })
})

describe('what readers keep', () => {
  it('is told without what cannot be read of it', () => {
    store.execute(`INSERT INTO annotations (run, step, text, at) VALUES (1, 1, ${NO_TEXT}, 'now'), (1, 2, 'whole', 'now')`)
    store.execute(`INSERT INTO annotations (run, step, text, at) VALUES (1, 9007199254740993, 'far', 'now')`)
    store.execute(
      `INSERT INTO comparisons (name, layout, created_at) VALUES ('bad', '{"runs":1}', 'now'), ('good', '{"runs":[1]}', 'now')`,
    )
    store.execute(`INSERT INTO experiments (definition, created_at) VALUES (${NO_TEXT}, 'now'), ('{}', 'now')`)
    store.execute(`INSERT INTO library (name, document, created_at, changed_at) VALUES (${NO_TEXT}, '{}', 'now', 'now')`)
    expect(annotations(store, 1).map(({ text }) => text)).toEqual(['A\ufffd\ufffd', 'whole'])
    expect(comparisons(store).map(({ name }) => name)).toEqual(['good'])
    expect(experiments(store)).toEqual([])
    const skipped: string[] = []
    expect(libraryItems(store, (why) => skipped.push(why))).toEqual([])
    expect(skipped).toHaveLength(1)
  })
})
