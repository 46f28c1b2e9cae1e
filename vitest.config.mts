import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** What the suites share. Time limits are against hanging, not a measure of anything. */
function suite(name: string, limitMs: number, options: { readonly parallel: boolean }) {
  return {
    plugins: [vue()],
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      environment: 'node',
      pool: 'forks' as const,
      testTimeout: limitMs,
      hookTimeout: limitMs,
      expect: { poll: { timeout: limitMs / 6 } },
      // TensorFlow, Electron and Chromium each take all cores and up to gigabytes: one file at a time.
      fileParallelism: options.parallel,
    },
  }
}

export default defineConfig({
  test: {
    projects: [
      suite('unit', 20_000, { parallel: true }),
      suite('golden', 300_000, { parallel: false }),
      suite('integration', 180_000, { parallel: false }),
      suite('faults', 180_000, { parallel: false }),
      suite('e2e', 180_000, { parallel: false }),
    ],
  },
})
