import fs from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { type CheckName, checkNames, DatasetChecks } from '../../../shared/datasets/checks'
import type { Catalogue } from '../catalogue'

/** What checks of a set came to, beside its images; it can be found out again at any time. */
const CHECKS_FILE = 'checks.json'
/** A number of the checks as they are: what others found is found again. */
const VERSION = 2

const Kept = z.object({ version: z.literal(VERSION), checks: DatasetChecks })

/** What is on record of a set as it is; null where it was never checked, or has changed since. */
export function keptChecks(catalogue: Catalogue, name: string): DatasetChecks | null {
  try {
    const { checks } = Kept.parse(JSON.parse(fs.readFileSync(fileOf(catalogue, name), 'utf8')))
    return checks.hash === catalogue.hash({ name }) ? { ...checks, name } : null
  } catch {
    return null
  }
}

/**
 * The places in a split of the images that have a copy in `train`, by what is on record; null where copies were not looked for, there is no
 * `train`, or the split is that one itself.
 */
export function knownCopies(catalogue: Catalogue, name: string, split: string): readonly number[] | null {
  const checks = split === 'train' ? null : keptChecks(catalogue, name)
  if (!checks?.copied || !checks.splits.some((one) => one.name === 'train')) return null
  return checks.copied[split] ?? []
}

/** Keeps it where the folder can be written, with what is on record of other checks. @returns both together. */
export function keepChecks(catalogue: Catalogue, fresh: DatasetChecks): DatasetChecks {
  const kept = keptChecks(catalogue, fresh.name)
  const checks = kept ? together(kept, fresh) : fresh
  try {
    const file = fileOf(catalogue, fresh.name)
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    fs.writeFileSync(`${file}.new`, JSON.stringify({ version: VERSION, checks }), { mode: 0o600 })
    fs.renameSync(`${file}.new`, file)
  } catch {
    // It is found out again the next time.
  }
  return checks
}

export const hasChecks = ({ findings }: DatasetChecks, wanted: readonly CheckName[]): boolean =>
  wanted.every((name) => findings.some(({ check }) => check === name))

function together(kept: DatasetChecks, fresh: DatasetChecks): DatasetChecks {
  const others = kept.findings.filter(({ check }) => !fresh.findings.some((finding) => finding.check === check))
  // Verdict and repair are those of the wider search for copies.
  const told = width(kept) > width(fresh) ? kept : fresh
  return {
    ...fresh,
    verdict: told.verdict,
    repair: told.repair,
    copied: told.copied,
    findings: [...fresh.findings, ...others].sort((a, b) => checkNames.indexOf(a.check) - checkNames.indexOf(b.check)),
  }
}

/** How widely copies were looked for. */
const width = (checks: DatasetChecks): number =>
  hasChecks(checks, ['near-copies']) || hasChecks(checks, ['two-labels']) ? 2 : hasChecks(checks, ['exact-copies']) ? 1 : 0

/** Sets of the program have no folder of their own: theirs lie together, in one that no set's is named like. */
function fileOf(catalogue: Catalogue, name: string): string {
  const { hash } = catalogue.describe(name)
  if (hash !== undefined) return path.join(catalogue.folderOf(name), CHECKS_FILE)
  return path.join(catalogue.folder, '.checks', `${name}.json`)
}
