import path from 'node:path'
import type { Plugin } from 'vite'
import { manualPage } from './tree'

/** Makes modules of the pages in `docs/`: a `ManualPage` each, with its pictures as files of the bundle. */
export function manual(): Plugin {
  return {
    name: 'normlab:manual',
    enforce: 'pre',
    transform(markdown, id) {
      if (!id.endsWith('.md')) return null
      const pictures: string[] = []
      const page = manualPage(markdown, path.basename(id), (address) => {
        if (!pictures.includes(address)) pictures.push(address)
        return `picture:${pictures.indexOf(address)}`
      })
      const imports = pictures.map((address, i) => `import picture${i} from './${address}?url'`)
      const code = JSON.stringify(page).replace(/"picture:(\d+)"/g, 'picture$1')
      return { code: [...imports, `export default ${code}`].join('\n'), map: null }
    },
  }
}
