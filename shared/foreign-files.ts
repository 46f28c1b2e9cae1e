/** Files of networks that other programs wrote, by how they end, and the program's name for people. */
export const FOREIGN_ENDINGS: Readonly<Record<string, string>> = { onnx: 'ONNX', keras: 'Keras', fx: 'PyTorch' }

/** Whether a file is taken for another program's network. */
export function isForeignName(name: string): boolean {
  return Object.keys(FOREIGN_ENDINGS).some((ending) => name.toLowerCase().endsWith(`.${ending}`))
}
