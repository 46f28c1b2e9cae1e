import { openZip } from '../../../main/formats/trees/zip-tree'

/** The layers of a .keras file, one a line, without the numbers of its constants. */
export async function kerasListing(file: string): Promise<string> {
  const tree = await openZip(file)
  try {
    for await (const { bytes } of tree.read((entry) => entry === 'config.json')) {
      const { config } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { config: { layers: unknown[] } }
      const line = (layer: unknown): string =>
        JSON.stringify(layer, (key, value: unknown) => (['value', 'offset', 'scale'].includes(key) ? '…' : value))
      return config.layers.map((layer) => `${line(layer)}\n`).join('')
    }
  } finally {
    tree.close()
  }
  throw new Error('there is no config.json')
}
