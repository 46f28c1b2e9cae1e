import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { JacobianAnswer } from '../../shared/api'
import { decodeMessage, encodeMessage } from '../../shared/wire'
import type { Catalogue } from '../datasets/catalogue'
import type { JacobianFound, JacobianTask } from '../engine/questions'
import { hashFile } from '../store/weight-files'

/** A number of the measurement as it is: what another one found is found again. */
const VERSION = 2
/** Answers that are kept; those that were asked for first go. */
const MOST = 500
const NAME = /^[0-9a-f]{64}\.json$/
const Found = JacobianAnswer.omit({ network: true, weights: true })

/** Answers about Jacobians by the hash of all that decides them. It is no more than a cache: what cannot be read is measured again. */
export class KeptJacobians {
  constructor(
    private readonly folder: string,
    private readonly catalogue: Catalogue,
  ) {}

  /** Of network, weights, images and question, whatever files and sets are called. @throws UserError where a file cannot be read. */
  keyOf({ network, weights, points, threads: _, ...question }: JacobianTask): string {
    const of = {
      ...{ version: VERSION, network, question },
      weights: 'seed' in weights ? this.startOf(weights) : { hash: hashFile(weights.file), map: weights.map },
      points: 'file' in points ? { ...points, file: hashFile(points.file) } : this.imagesOf(points),
    }
    return createHash('sha256').update(encodeMessage(of)).digest('hex')
  }

  read(key: string): JacobianFound | null {
    try {
      return Found.parse(decodeMessage(fs.readFileSync(this.fileOf(key), 'utf8')))
    } catch {
      return null
    }
  }

  write(key: string, found: JacobianFound): void {
    try {
      fs.mkdirSync(this.folder, { recursive: true, mode: 0o700 })
      const file = this.fileOf(key)
      fs.writeFileSync(`${file}.new`, encodeMessage(found), { mode: 0o600 })
      fs.renameSync(`${file}.new`, file)
      this.makeRoom()
    } catch {
      // It is measured again the next time.
    }
  }

  /** Initial values by what decides them: images only with unit variance. */
  private startOf({
    dataFolder: _,
    data,
    batch,
    standardisation,
    ...start
  }: Extract<JacobianTask['weights'], { seed: number }>): object {
    return start.lsuv
      ? { ...start, batch, standardisation, data: { ...data, name: this.catalogue.hash({ name: data.name }) } }
      : start
  }

  private imagesOf({
    data,
    dataFolder: _,
    standardisation,
    ...which
  }: Extract<JacobianTask['points'], { data: string }>): object {
    const hash = (name: string): string => this.catalogue.hash({ name })
    const of = standardisation && 'of' in standardisation ? { ...standardisation.of, name: hash(standardisation.of.name) } : null
    return { ...which, hash: hash(data), standardisation: of ?? standardisation }
  }

  private fileOf(key: string): string {
    return path.join(this.folder, `${key}.json`)
  }

  private makeRoom(): void {
    const files = fs
      .readdirSync(this.folder)
      .filter((name) => NAME.test(name))
      .map((name) => path.join(this.folder, name))
    if (files.length <= MOST) return
    const at = (file: string): number => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
    const oldest = files.map((file) => ({ file, at: at(file) })).sort((a, b) => a.at - b.at)
    for (const { file } of oldest.slice(0, files.length - MOST)) fs.rmSync(file, { force: true })
  }
}
