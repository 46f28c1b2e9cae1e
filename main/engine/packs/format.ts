import { createReadStream } from 'node:fs'
import { z } from 'zod'
import { UserError } from '../../../shared/errors'
import { TENSORFLOW_VERSION, type TensorflowKind } from '../../resources'
import type { Wheel } from './wheels'

/**
 * An engine as one file: a line that says so with the version of its form, a line of JSON, and the wheels one behind the other. A pack brings no
 * program of its own: its wheels are those that this NormLab knows by their SHA-256, and the binding to them is NormLab's.
 */
const PACK_LINE = 'normlab engine pack '
const PACK_VERSION = 1
/** Of the first two lines together. */
const MOST_HEAD_BYTES = 65_536

export const PackHead = z.object({
  /** The NormLab that wrote it. */
  program: z.string().max(100),
  tensorflow: z.string().max(50),
  kind: z.enum(['cpu', 'gpu']),
  /** As Node calls it: `x64`. */
  arch: z.string().max(20),
  wheels: z
    .array(
      z.object({
        project: z.string().max(100),
        version: z.string().max(50),
        bytes: z.number().int().min(1),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    ) // prettier-ignore
    .min(1)
    .max(100),
})
export type PackHead = z.infer<typeof PackHead>

export function headOf(kind: TensorflowKind, wheels: readonly Wheel[], program: string): PackHead {
  const listed = wheels.map(({ project, version, bytes, sha256 }) => ({ project, version, bytes, sha256 }))
  return { program, tensorflow: TENSORFLOW_VERSION, kind, arch: process.arch, wheels: listed }
}

export const headText = (head: PackHead): string => `${PACK_LINE}${PACK_VERSION}\n${JSON.stringify(head)}\n`

/** Where a wheel lies in a pack, bytes. */
export interface PackedWheel {
  readonly wheel: Wheel
  readonly start: number
}

export const wrongPack = (file: string, problem: string, remedy = 'use a file that `normlab engine pack` of this version wrote'): UserError =>
  new UserError(problem, { place: file, remedy }) // prettier-ignore

/**
 * What a pack says of itself, held against what this NormLab runs with.
 *
 * @param known The wheels of each kind.
 * @param size Of the file, bytes.
 * @throws UserError where it is none, is cut short, or is for another NormLab or machine.
 */
export async function readPackHead(
  file: string,
  size: number,
  known: (kind: TensorflowKind) => readonly Wheel[],
): Promise<{ head: PackHead; wheels: readonly PackedWheel[] }> {
  const begin = await firstBytes(file)
  const line = begin.indexOf(0x0a)
  const end = line < 0 ? -1 : begin.indexOf(0x0a, line + 1)
  const version = new RegExp(`^${PACK_LINE}(\\d{1,9})$`).exec(begin.toString('latin1', 0, Math.max(0, line)))?.[1]
  if (version === undefined) throw wrongPack(file, 'this is no engine pack of NormLab')
  if (Number(version) !== PACK_VERSION)
    throw wrongPack(
      file,
      `this engine pack has form ${version}, and this NormLab knows form ${PACK_VERSION}`,
      Number(version) > PACK_VERSION ? 'install the NormLab that it was made with' : 'make it anew: `normlab engine pack`',
    )
  const head = PackHead.safeParse(end < 0 ? undefined : parsed(begin.toString('utf8', line + 1, end)))
  if (!head.success) throw wrongPack(file, 'this engine pack is damaged: what it says of itself cannot be read')
  const { tensorflow, kind, arch, program, wheels } = head.data
  if (arch !== process.arch)
    throw wrongPack(file, `this engine is for ${arch}, and this machine is ${process.arch}`, 'make it on such a machine')
  if (tensorflow !== TENSORFLOW_VERSION)
    throw wrongPack(file, `this is TensorFlow ${tensorflow}, and this NormLab runs with ${TENSORFLOW_VERSION}`)
  const mine = known(kind)
  const isMine = ({ project, sha256, bytes }: Wheel, i: number): boolean => {
    const other = wheels[i]
    return other?.project === project && other.sha256 === sha256 && other.bytes === bytes
  }
  if (mine.length !== wheels.length || !mine.every(isMine))
    throw wrongPack(file, `NormLab ${program.replace(/[^\w.+-]/g, '')} packed other libraries into it than this one trusts`)
  let start = end + 1
  const placed = mine.map((wheel) => {
    const at = start
    start += wheel.bytes
    return { wheel, start: at }
  })
  if (size !== start)
    throw wrongPack(file, size < start ? `it is cut short: ${size} of ${start} bytes are there` : 'something follows its end', 'copy it again') // prettier-ignore
  return { head: head.data, wheels: placed }
}

async function firstBytes(file: string): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of createReadStream(file, { end: MOST_HEAD_BYTES - 1 }) as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
