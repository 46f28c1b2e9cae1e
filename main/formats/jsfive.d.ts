/** What is used of jsfive, which comes without types. */
declare module 'jsfive' {
  export class File {
    constructor(bytes: ArrayBuffer, name: string)
    readonly keys: string[]
  }
}
