import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findProgram } from '../../build/prepare/command'
import { jsonLines, start, TINY, temporaryHome } from './lab-support'

const folder = temporaryHome()
afterAll(() => folder.remove())
const compiler = process.platform === 'linux' ? findProgram(['gcc', 'cc']) : undefined

/** Whatever waits for the disk waits so long, milliseconds: that of a full network drive, or of a card. */
const WAIT_MS = 120

// Every call that waits for the disk is made slow, by a library that is loaded before the system's.
describe.skipIf(!compiler)('a slow disk', () => {
  it('costs a run neither a step nor its end', async () => {
    const source = path.join(folder.home, 'slow.c')
    const library = path.join(folder.home, 'slow.so')
    writeFileSync(
      source,
      `#define _GNU_SOURCE
       #include <dlfcn.h>
       #include <unistd.h>
       #define SLOW(name) int name(int fd) { static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, #name); usleep(${WAIT_MS * 1000}); return real(fd); }
       SLOW(fsync)
       SLOW(fdatasync)`,
    )
    execFileSync(compiler!, ['-shared', '-fPIC', '-o', library, source, '-ldl'])
    const home = path.join(folder.home, 'home')
    const before = process.env['LD_PRELOAD']
    process.env['LD_PRELOAD'] = library
    const training = start(['train', ...TINY, '--epochs', '10', '--json', '--set', 'checkpoint.every=10'], home)
    if (before === undefined) delete process.env['LD_PRELOAD']
    else process.env['LD_PRELOAD'] = before
    const { status, stdout, stderr } = await training.finished
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
    const lines = jsonLines(stdout) as { step?: number; summary?: { state: string; notices: unknown[] } }[]
    expect(lines.flatMap(({ step }) => step ?? [])).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
    expect(lines.at(-1)!.summary).toMatchObject({ state: 'done', notices: [] })
  })
})
