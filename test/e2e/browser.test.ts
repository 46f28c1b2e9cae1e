import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { heatMapColours, startRun, tableOf, waitForState, withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'

test('a browser with a ticket gets the same pages, trains, and forgets the ticket in its address', () =>
  withHome(async (home) => {
    const { address, server } = await serve(home)
    try {
      await withPage(async (page, complaints) => {
        await page.goto(address)
        await page.getByText('No runs yet').waitFor()
        expect(page.url()).not.toContain('ticket')
        await startRun(page, { epochs: 3, train: 32 })
        await waitForState(page, 'Done')
        const ratios = (await tableOf(page, 'Ratio per block')).map((row) => Number(row[4]))
        expect(ratios).toHaveLength(6)
        expect(ratios.every((ratio) => Number.isFinite(ratio) && ratio > 0)).toBe(true)
        await expect.poll(() => heatMapColours(page)).toBeGreaterThan(5)
        // Loaded again it still knows the token of its tab.
        await page.reload()
        await waitForState(page, 'Done')
        expect(complaints).toEqual([])
      })
    } finally {
      await end(server)
    }
  }))

test('a browser without a ticket, with another, or with a used one, is refused and told how to come in, and comes in by the next', () =>
  withHome(async (home) => {
    const { address, next, server } = await serve(home)
    try {
      const used = address
      await withPage(async (page) => {
        await page.goto(used)
        await page.getByText('No runs yet').waitFor()
      })
      for (const wrong of [address.replace(/#.*$/, ''), address.replace(/ticket=.*$/, `ticket=${'0'.repeat(64)}`), used])
        await withPage(async (page) => {
          await page.goto(wrong)
          await page.getByText('This page needs its ticket').waitFor()
          await expect.poll(() => page.getByRole('navigation').count()).toBe(0)
          if (wrong !== used) return
          // Typed into the bar of the page that is open.
          await page.goto(await next())
          await page.getByText('No runs yet').waitFor()
        })
    } finally {
      await end(server)
    }
  }))

test('another program at the port of a server that is gone is told no token, and the page says so', () =>
  withHome(async (home) => {
    const { address, server } = await serve(home)
    await withPage(async (page) => {
      await page.goto(address)
      await page.getByText('No runs yet').waitFor()
      const token = String(await page.evaluate(`sessionStorage.getItem('normlab.token')`))
      expect(token).toMatch(/^[0-9a-f]{64}$/)
      await end(server)
      const heard: string[] = []
      const impostor = createServer((request, response) => {
        heard.push(`${request.url} ${JSON.stringify(request.headers)}`)
        response.end(JSON.stringify({ proof: '0'.repeat(64) }))
      })
      impostor.on('upgrade', (request, socket) => {
        heard.push(`${request.url} ${JSON.stringify(request.headers)}`)
        socket.destroy()
      })
      await new Promise<void>((resolve) => impostor.listen(Number(new URL(address).port), '127.0.0.1', resolve))
      try {
        await expect.poll(() => heard.some((line) => line.startsWith('/proof')), { timeout: 60_000 }).toBe(true)
        await expect.poll(() => page.evaluate(`sessionStorage.getItem('normlab.token')`)).toBeNull()
        await page.getByText('The lab is served with another token now').waitFor()
        await page.waitForTimeout(4000)
        expect(heard.join('\n')).not.toContain(token)
        expect(heard.some((line) => line.startsWith('/lab'))).toBe(false)
      } finally {
        impostor.closeAllConnections()
        impostor.close()
      }
    })
  }))

test('a server that goes away is announced', () =>
  withHome(async (home) => {
    const { address, server } = await serve(home)
    await withPage(async (page) => {
      await page.goto(address)
      await page.getByText('No runs yet').waitFor()
      await end(server)
      await page.getByText('The connection to the lab is lost').waitFor()
    })
  }))
