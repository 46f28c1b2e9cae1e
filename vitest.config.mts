import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** What the suites share. Time limits are against hanging, not a measure of anything. */
function suite(name: string, limitMs: number, options: object, opensWindows = false) {
  return {
    plugins: [vue()],
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      setupFiles: ['test/support/equal-bytes.ts', ...(opensWindows ? ['test/support/own-display.ts'] : [])],
      environment: 'node',
      pool: 'forks' as const,
      testTimeout: limitMs,
      hookTimeout: limitMs,
      expect: { poll: { timeout: limitMs / 6 } },
      ...options,
    },
  }
}

/** Files without state of their own: to start a process and read the modules anew for each took longer than the tests. */
const small = { isolate: false, maxWorkers: '100%', sequence: { groupOrder: 0 } }
/**
 * TensorFlow, Electron and Chromium each take up to gigabytes, and mostly wait: for processes that start, pages that draw, disks that write. So two
 * files at a time, whatever the machine; those that only wait are a suite of their own beside these.
 */
const large = { maxWorkers: 2, sequence: { groupOrder: 1 } }

export default defineConfig({
  test: {
    projects: [
      suite('unit', 60_000, small),
      suite('golden', 300_000, large),
      suite('integration', 180_000, large),
      suite('cluster', 180_000, large),
      suite('faults', 180_000, large, true),
      suite('e2e', 180_000, large, true),
    ],
  },
})
