import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { importDataset } from '../../../../main/engine/tasks/import-dataset'
import { readAbout } from '../../../../main/datasets/imported/imported-set'
import { ABOUT_FILE, IMAGES_FILE } from '../../../../main/datasets/imported/about'
import { SafetensorsReader } from '../../../../main/formats/safetensors'
import { isUserError } from '../../../../shared/errors'
import { Random } from '../../../../shared/random'
import { mutated } from './mutate'

/** Imports spoilt copies of good sources in a process that may die of them. A line in: a seed; a line out: what was wrong, or null. */

const [seeds, scratch] = process.argv.slice(2) as [string, string]
/** What can be imported: files, and folders whose files are spoilt one at a time. */
const sources = [
  ...fs.readdirSync(seeds).filter((name) => name !== 'picture'),
  ...fs.readdirSync(path.join(seeds, 'picture')).map((name) => `picture/${name}`),
].sort()

async function attempt(seed: number): Promise<{ what: string | null; told: string }> {
  const random = new Random(seed)
  const name = sources[seed % sources.length]!
  const source = path.join(scratch, path.basename(name))
  const folder = path.join(scratch, 'set')
  for (const place of [source, folder]) fs.rmSync(place, { recursive: true, force: true })
  fs.cpSync(path.join(seeds, name), source, { recursive: true })
  fs.mkdirSync(folder)
  const files = fs.statSync(source).isDirectory() ? allFiles(source).filter((file) => !file.endsWith('good.png')) : [source]
  const file = files[random.integer(files.length)]!
  fs.writeFileSync(file, mutated(fs.readFileSync(file), random))
  const told = `seed ${seed}, ${name}`
  try {
    await importDataset({ source, name: 'spoilt', choices: {}, folder }, () => undefined)
  } catch (error) {
    const { message } = error as Error
    const isSentence = isUserError(error) && !message.includes('\n') && !/undefined|\bNaN\b|\[object/.test(message)
    return { what: isSentence ? null : `not a sentence: ${(error as Error).stack}`, told: `${told}: ${message}` }
  }
  const left = fs.readdirSync(folder).sort().join()
  if (left !== [ABOUT_FILE, IMAGES_FILE].join()) return { what: `it left ${left}`, told }
  const about = readAbout(folder)
  const set = SafetensorsReader.open(path.join(folder, IMAGES_FILE))
  try {
    for (const split of about.splits)
      if (set.readIntegers(`${split.name}/labels`).some((label) => label < 0 || label >= about.classes.length))
        return { what: 'a label is of no class', told }
  } finally {
    set.close()
  }
  return { what: null, told: `${told}: taken` }
}

function allFiles(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((item) => {
    const place = path.join(folder, item.name)
    return item.isDirectory() ? allFiles(place) : [place]
  })
}

async function serve(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    // Of the processor: how much of it others take is nobody's fault.
    const start = process.cpuUsage()
    const result = await attempt(Number(line))
    const { user, system } = process.cpuUsage(start)
    const said = { ...result, ms: (user + system) / 1000, bytes: process.memoryUsage().rss }
    process.stdout.write(`${JSON.stringify(said)}\n`)
  }
}

void serve()
