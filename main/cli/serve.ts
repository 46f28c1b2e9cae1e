import { existsSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { serveLab } from '../serve/server'
import type { Command } from './command'
import { jsonLine } from './command'

export const serve: Command = {
  words: 'serve',
  stays: true,
  description: 'the lab’s pages in a browser, on this computer only, behind a token',
  options: [{ name: 'port', value: 'N', description: 'port of 127.0.0.1 (a free one)' }],
  examples: ['normlab serve', 'normlab serve --port 8090'],
  async run({ lab, words, output, json }) {
    const port = words.whole('port') ?? 0
    if (port > 65535) throw new UserError('there are ports from 0 to 65535', { place: '--port' })
    // Beside this program in the bundle: out/main/cli.js and out/renderer.
    const pages = path.resolve(__dirname, '../renderer')
    if (!existsSync(path.join(pages, 'index.html')))
      throw new UserError('the pages are not built', { place: pages, remedy: 'run `npm run build`' })
    const open = lab()
    const server = await serveLab({ lab: open, pages, port, log: open.log })
    output.print(json ? jsonLine({ address: server.address }) : `${server.address}\n`)
    output.say('NormLab is served there until Ctrl-C; whoever knows the address can use it.\n')
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve)
      process.once('SIGTERM', resolve)
    })
    await server.close()
    return 0
  },
}
