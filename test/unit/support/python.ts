import { spawnSync } from 'node:child_process'
import { findProgram } from '../../../build/prepare/command'

/** What a Python script prints as JSON for an input; the reader that other programs are. */
export function askPython(script: string, input: string): unknown {
  const program = findProgram(['python3', 'python']) ?? 'python3'
  const { status, stdout, stderr } = spawnSync(program, ['-c', script], {
    input,
    encoding: 'utf8',
    env: { ...process.env, PYTHONUTF8: '1' },
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

/** A CSV file as Python's reader sees it; lines that begin with # are passed over. */
export function readCsv(text: string): string[][] {
  return readCsvs([text])[0]!
}

/** The same of many. */
export function readCsvs(texts: readonly string[]): string[][][] {
  const script = `import csv, io, json, sys
def read(text):
    lines = io.StringIO(text, newline='')
    while lines.read(1) == '#':
        lines.readline()
    lines.seek(lines.tell() - 1)
    return list(csv.reader(lines))
print(json.dumps([read(text) for text in json.load(sys.stdin)]))`
  return askPython(script, JSON.stringify(texts)) as string[][][]
}
