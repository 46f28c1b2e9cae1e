/// <reference types="vite/client" />

/** What the preload script lends to the page; absent in a browser. */
interface Window {
  readonly normlab?: {
    /** Asks the main process for a port to the lab; it comes as a message event with the data `normlab:port`. */
    connect(): void
    /** Menu items: the listener gets the command's id. */
    onCommand(listener: (id: string) => void): void
    /** A `FileRequest`; the answer is a sentence for the reader, or null. */
    files(request: unknown): Promise<string | null>
    /** A `SourceRequest`; null where the dialog was left. A source that was dropped comes as a message event with the data `{ type: 'normlab:dropped' }`. */
    source(request: unknown): Promise<{ readonly chosen: string; readonly name: string } | null>
  }
}
