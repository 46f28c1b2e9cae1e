import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { OWNERS } from '../../files/write-file'
import { SafetensorsReader, writeSafetensors } from '../../formats/safetensors'
import type { OperatorSpectrum } from './survey'

/** What all packs may take together; the ones that were written first go. */
const MOST_BYTES = 256 * 2 ** 20
const NAME = /^[0-9a-f]{64}\.safetensors$/

const Bounded = z.object({ value: z.number(), error: z.number() })
const Entry = z.object({
  times: z.number().int().min(1),
  extremes: z.object({ largest: Bounded, smallest: Bounded, frobenius: Bounded }).nullable(),
  gramBound: z.number().nullable(),
  /** SHA-256 of the values' bytes. */
  hash: z.string(),
})
type Entry = z.infer<typeof Entry>

/**
 * Spectra that were found before, by the hash of kernel and geometry: packs of safetensors, a pack for each question that had something
 * to compute. It is no more than a cache: what cannot be read counts as unknown, what cannot be written is computed again.
 */
export class SpectrumCache {
  constructor(private readonly folder: string) {}

  /** What is known of these keys. */
  read(keys: readonly string[]): Map<string, OperatorSpectrum> {
    const wanted = new Set(keys)
    const found = new Map<string, OperatorSpectrum>()
    for (const { file } of this.packs()) if (wanted.size > found.size) this.readPack(file, wanted, found)
    return found
  }

  /** Keeps what was computed. */
  write(spectra: ReadonlyMap<string, OperatorSpectrum>): void {
    if (spectra.size === 0) return
    const name = createHash('sha256')
      .update([...spectra.keys()].sort().join())
      .digest('hex')
    const entries = [...spectra].map(([key, { found, extremes, gramBound }]) => {
      const values = found?.values ?? new Float32Array(0)
      const entry: Entry = { times: found?.times ?? 1, extremes, gramBound, hash: hashOf(values) }
      return { key, values, entry }
    })
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 })
      this.makeRoom()
      writeSafetensors(
        path.join(this.folder, `${name}.safetensors`),
        entries.map(({ key, values }) => ({ name: key, shape: [values.length], data: values })),
        Object.fromEntries(entries.map(({ key, entry }) => [key, JSON.stringify(entry)])),
        OWNERS,
      )
    } catch {
      // The answer is there all the same.
    }
  }

  private readPack(file: string, wanted: ReadonlySet<string>, found: Map<string, OperatorSpectrum>): void {
    try {
      const pack = SafetensorsReader.open(file)
      try {
        for (const { name } of pack.tensors) {
          if (!wanted.has(name) || found.has(name)) continue
          const { times, extremes, gramBound, hash } = Entry.parse(JSON.parse(pack.metadata[name] ?? ''))
          const values = pack.readFloats(name)
          if (hashOf(values) !== hash) continue
          found.set(name, { found: extremes ? null : { values, times }, extremes, gramBound })
        }
      } finally {
        pack.close()
      }
    } catch {
      // Damaged, or just taken away by another.
    }
  }

  /** Newest first. */
  private packs(): { file: string; bytes: number; at: number }[] {
    try {
      return readdirSync(this.folder)
        .filter((name) => NAME.test(name))
        .flatMap((name) => {
          const file = path.join(this.folder, name)
          const stats = statSync(file, { throwIfNoEntry: false })
          return stats ? [{ file, bytes: stats.size, at: stats.mtimeMs }] : []
        })
        .sort((a, b) => b.at - a.at)
    } catch {
      return []
    }
  }

  private makeRoom(): void {
    let kept = 0
    for (const { file, bytes } of this.packs()) {
      kept += bytes
      if (kept > MOST_BYTES) rmSync(file, { force: true })
    }
  }
}

function hashOf(values: Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex')
}
