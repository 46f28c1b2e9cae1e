import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { manual } from './build/manual/plugin'

/** The renderer's bundle. Chrome 108 is the oldest Electron (22) that the app runs in. */
export default defineConfig({
  root: 'renderer',
  // Relative addresses: the same files are served from app:// and from the loopback.
  base: './',
  plugins: [vue(), manual()],
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    target: 'chrome108',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
  },
})
