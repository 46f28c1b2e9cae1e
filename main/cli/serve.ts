import { existsSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { testWhereNew } from '../lab'
import { packagedFolder } from '../resources'
import { keepAddress, keptAddress } from '../serve/kept-address'
import { type OpenServer, type ServeOptions, serveLab } from '../serve/server'
import { dataFolder } from '../store/home'
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
    const home = dataFolder(words.text('home'))
    const tell = (address: string): void => output.print(json ? jsonLine({ address }) : `${address}\n`)
    const server = await serveAgain(home, { lab: open, pages, port, log: open.log, onAddress: tell })
    // Before anybody knows that it is there, and so could end it.
    const ended = new Promise<void>((resolve) => {
      process.once('SIGINT', resolve)
      process.once('SIGTERM', resolve)
    })
    tell(server.address)
    output.say('NormLab is served there until Ctrl-C. The address lets one page in; the next one is printed then.\n')
    if (packagedFolder('tensorflow') !== undefined)
      void testWhereNew(open, (sentence) => output.say(`${sentence}\n`)).catch((error: unknown) => open.log(String(error)))
    await ended
    await server.close()
    return 0
  },
}

/** Where it was served the last time, so that pages that are open find it again; elsewhere where that port is another's now. */
async function serveAgain(home: string, options: ServeOptions): Promise<OpenServer> {
  const kept = keptAddress(home)
  const again = { ...options, ...(kept && { token: kept.token }) }
  let server: OpenServer | undefined
  if (kept && options.port === 0) server = await serveLab({ ...again, port: kept.port }).catch(() => undefined)
  // Whoever has that port now may have been given the token by a page that was loaded anew from there.
  server ??= await serveLab(options.port === 0 ? options : again)
  keepAddress(home, { token: server.token, port: server.port })
  return server
}
