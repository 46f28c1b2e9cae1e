import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { closeSilent } from '../../../main/serve/patience'

it('lets in a thousand connections and no more, and another one when one of them has gone', async () => {
  let heard = 0
  // Nothing is answered: all of them stay.
  const server = createServer(() => void heard++)
  closeSilent(server, 600_000)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sockets: Socket[] = []
  const ask = (): Socket => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined)
    sockets.push(socket)
    socket.resume().write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    return socket
  }
  try {
    for (const some of [200, 400, 600, 800, 1000]) {
      while (sockets.length < some) ask()
      await expect.poll(() => heard).toBe(some)
    }
    await once(ask(), 'close')
    expect(heard).toBe(1000)
    sockets[0]!.destroy()
    await expect.poll(() => new Promise((resolve) => server.getConnections((_, count) => resolve(count)))).toBe(999)
    ask()
    await expect.poll(() => heard).toBe(1001)
  } finally {
    for (const socket of sockets) socket.destroy()
    server.closeAllConnections()
    server.close()
  }
})
