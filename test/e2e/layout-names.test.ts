import { expect, test } from 'vitest'
import { Store } from '../../main/store/store'
import { withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'
import { faultsAt } from './layout-faults'
import { trainExperiment } from './trained-home'

test('long names, odd scripts and the rows of groups keep to their places, in a small window and a large dark one', () =>
  withHome(async (home) => {
    await trainExperiment(home)
    const store = new Store(home)
    const names = [
      'W'.repeat(200),
      `${'שלום עולם '.repeat(9)}${'نص طويل '.repeat(9)}`.trim(),
      '深度残差网络的梯度范数'.repeat(18),
      `Z${'\u0337\u0321\u0489'.repeat(40)}algo`,
    ]
    names.forEach((name, i) => store.runs.update(i + 1, { name }))
    store.close()
    const found: Record<string, string[]> = {}
    const { address: first, next, server } = await serve(home)
    try {
      for (const [i, sight] of [
        { name: '900 × 700', width: 900, height: 700, scheme: 'light' as const },
        { name: '1920 × 1080, dark', width: 1920, height: 1080, scheme: 'dark' as const },
      ].entries())
        await withPage(async (page) => {
          await page.emulateMedia({ colorScheme: sight.scheme })
          await page.goto(i === 0 ? first : await next())
          await page.waitForSelector('nav[aria-label="Places"]')
          for (const place of ['#/runs', '#/runs/1', '#/runs/2', '#/compare?runs=1,2,4', '#/experiments/1', '#/new?from=1']) {
            const group = page.getByLabel(/^Group/).first()
            const faults = await faultsAt(page, place, async () => {
              if (place === '#/runs') await group.selectOption({ index: 1 })
            })
            if (faults.length > 0) found[`${place} at ${sight.name}`] = faults
          }
        }, sight)
    } finally {
      await end(server)
    }
    expect(found).toEqual({})
  }))
