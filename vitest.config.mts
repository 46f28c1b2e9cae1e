import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** What the suites share. Time limits are against hanging, not a measure of anything. */
function suite(name: string, limitMs: number, options: object) {
  return {
    plugins: [vue()],
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      setupFiles: ['test/support/equal-bytes.ts'],
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
const small = { isolate: false, maxWorkers: '100%' }
/** TensorFlow, Electron and Chromium each take all cores and up to gigabytes: one file at a time. */
const large = { fileParallelism: false }

export default defineConfig({
  test: {
    projects: [
      suite('unit', 20_000, small),
      suite('golden', 300_000, large),
      suite('integration', 180_000, large),
      suite('cluster', 180_000, large),
      suite('faults', 180_000, large),
      suite('e2e', 180_000, large),
    ],
  },
})
