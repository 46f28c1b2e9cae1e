/// <reference types="vite/client" />
import type { WindowBridge } from '../shared/window-channels'

declare global {
  interface Window {
    /** What the preload script lends to the page; absent in a browser. */
    readonly normlab?: WindowBridge
  }
}
