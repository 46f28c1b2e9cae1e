import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { listPresets, networkFromPreset } from '../../shared/architecture'
import { tableOf, waitForState, waitForSteps, withApp, withHome } from './app-driver'
import { entry, exported, inspector, meaning, node, openDesigner, port, saveInto, seriousFindings, tool } from './designer-driver'

/** Selects what lies between two nodes with the mouse alone. */
async function marquee(page: Page, from: string, to: string): Promise<void> {
  await tool(page, 'Drag selects').click()
  const [a, b] = [(await node(page, from).boundingBox())!, (await node(page, to).boundingBox())!]
  await page.mouse.move(a.x - 24, a.y - 5)
  await page.mouse.down()
  await page.mouse.move(b.x + b.width, b.y, { steps: 4 })
  await page.mouse.move(b.x + b.width + 24, b.y + b.height + 3, { steps: 4 })
  await page.mouse.up()
  await tool(page, 'Drag moves the view').click()
}

/** Presses a button beside a number of the inspector. */
const press = (page: Page, field: string, button: string, times = 1): Promise<void> =>
  inspector(page).getByRole('button', { name: `${field}: ${button}` }).click({ clickCount: 1 }).then(() => (times > 1 ? press(page, field, button, times - 1) : undefined)) // prettier-ignore

/** Brings all into view and clicks one. */
async function click(page: Page, path: string): Promise<void> {
  await tool(page, 'Fit the network into the window').click()
  await node(page, path).click({ position: { x: 12, y: 8 } })
}

async function openBlock(page: Page, path: string): Promise<void> {
  await tool(page, 'Fit the network into the window').click()
  await page.getByRole('button', { name: `Open ${path}`, exact: true }).click()
  await page.getByRole('button', { name: `Fold ${path}`, exact: true }).waitFor()
}

test('a ResNet-20 is built with the mouse alone, made a ProcResNet, and trained', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      await saveInto(app, home)
      await page.getByRole('link', { name: 'Design', exact: true }).click()
      await page
        .getByRole('link', { name: 'New network' })
        .or(page.getByRole('button', { name: 'New network' }))
        .first()
        .click()
      await entry(page, 'Input').dragTo(page.getByRole('application'), { targetPosition: { x: 320, y: 40 } })
      await node(page, 'input').waitFor()
      for (const name of ['Convolution', 'Batch norm', 'ReLU']) await entry(page, name).click()
      for (const name of ['Convolution', 'Batch norm', 'ReLU', 'Convolution', 'Batch norm', 'Add', 'ReLU'])
        await entry(page, name).click()
      await tool(page, 'Fit the network into the window').click()

      // The skip, from port to port; then the block, three times.
      await port(page, 'relu', 'out').dragTo(port(page, 'add', 'in1'))
      await marquee(page, 'conv2', 'relu3')
      await tool(page, 'Make a block of the selection').click()
      await click(page, 'block')
      await inspector(page).getByLabel('Unit').selectOption('block')
      await press(page, 'Repeat', 'more +', 2)

      // The second stage: its first block with twice the filters and half the side, and a shortcut that the designer offers.
      await tool(page, 'Duplicate').click()
      await tool(page, 'Duplicate').click()
      await click(page, 'block-b')
      await press(page, 'Repeat', 'less −', 2)
      await openBlock(page, 'block-b')
      await click(page, 'block-b/conv2')
      await press(page, 'Filters', 'double ×2')
      await press(page, 'Stride', 'more +')
      await click(page, 'block-b/conv3')
      await press(page, 'Filters', 'double ×2')
      await page.getByRole('tab', { name: /Problems/ }).click()
      await page.getByRole('button', { name: 'Insert a 1×1 convolution on the skip (stride 2, 32 channels)' }).click()
      await page.getByRole('tab', { name: 'Inspector' }).click()
      await page.getByRole('button', { name: 'Fold block-b', exact: true }).click()
      await click(page, 'block-c')
      await press(page, 'Repeat', 'less −')
      await openBlock(page, 'block-c')
      for (const path of ['block-c/conv2', 'block-c/conv3']) {
        await click(page, path)
        await press(page, 'Filters', 'double ×2')
      }
      await page.getByRole('button', { name: 'Fold block-c', exact: true }).click()

      // The third stage is the second with twice the filters.
      await tool(page, 'Fit the network into the window').click()
      await marquee(page, 'block-b', 'block-c')
      await tool(page, 'Duplicate').click()
      for (const path of ['block-d', 'block-e']) await openBlock(page, path)
      for (const path of ['block-d/shortcut']) await openBlock(page, path)
      for (const path of ['block-d/conv2', 'block-d/conv3', 'block-d/shortcut/conv', 'block-e/conv2', 'block-e/conv3']) {
        await click(page, path)
        await press(page, 'Filters', 'double ×2')
      }
      await tool(page, 'Fold all blocks').click()
      await click(page, 'block-e')
      for (const name of ['Global average pooling', 'Dense', 'Softmax cross-entropy']) await entry(page, name).click()
      await page.getByText('No problems').first().waitFor()
      expect(meaning(await exported(page, home))).toBe(meaning(networkFromPreset('resnet-20')))

      // One click to the paper's network, back, and there again; then it is trained.
      await page.getByRole('tab', { name: 'Theory' }).click()
      await page.getByRole('button', { name: 'Make it a ProcResNet (projected)' }).click()
      await node(page, 'transition1').waitFor()
      await page.getByRole('button', { name: 'Back to learned shortcuts' }).click()
      await node(page, 'transition1').waitFor({ state: 'detached' })
      await tool(page, 'Undo').click()
      await node(page, 'transition1').waitFor()
      await page.getByRole('button', { name: 'Train…' }).click()
      await page.getByText('Your network').waitFor()
      await page.getByRole('button', { name: /^Start/ }).click()
      await waitForSteps(page, 3)
      await page.getByRole('button', { name: /^Stop/ }).click()
      await waitForState(page, 'Stopped')
      const units = (await tableOf(page, 'Ratio per block')).map((row) => row[1])
      expect(units).toEqual(expect.arrayContaining(['block1', 'block2', 'block3', 'transition1', 'transition2']))
      expect(units).toHaveLength(12)

      // The run's network opens in the designer, and is trained from there with the run's settings.
      await page.getByTitle('Open its network in the designer').click()
      await node(page, 'transition1').waitFor()
      await page.getByRole('button', { name: 'Train…' }).click()
      await expect.poll(() => page.evaluate('location.hash')).toContain('#/new?from=1')
    }),
  ))

test('a ResNet-20 is built with the keyboard alone, made a ProcResNet, and trained', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      await saveInto(app, home)
      const press = async (...keys: string[]): Promise<void> => {
        for (const key of keys) await page.keyboard.press(key)
      }
      /** Types into what has the focus, in place of what it holds. */
      const write = async (text: string, ...keys: string[]): Promise<void> => {
        await press('Control+A')
        await page.keyboard.type(text)
        await press(...keys)
      }
      /** Layers one behind the other, from the palette's search; then back to the canvas. */
      const insert = async (...names: string[]): Promise<void> => {
        await press('/')
        for (const name of names) await write(name, 'Enter')
        await press('Escape', 'Escape')
      }
      /** Goes on with Tab until what is called so has the focus. */
      const tabTo = (name: string): Promise<void> =>
        expect.poll(async () => {
          const found = await page.evaluate(`(() => {
            const { labels, ariaLabel, textContent } = document.activeElement
            return (labels?.[0]?.textContent || ariaLabel || textContent || '').trim()
          })()`)
          if (String(found).startsWith(name)) return true
          await press('Tab')
          return false
        }, { interval: 1, timeout: 20_000 }).toBe(true) // prettier-ignore

      await press('Control+1')
      await page.getByRole('heading', { name: 'Design' }).waitFor()
      await tabTo('New network')
      await press('Enter')
      await page.getByRole('application').waitFor()
      await tabTo('Network canvas')
      await insert('input', 'convolution', 'batch norm', 'relu')
      await insert('convolution', 'batch norm', 'relu', 'convolution', 'batch norm', 'add', 'relu')

      // Back to the ReLU before the block, from there to the sum; then what lies between becomes a block.
      for (let i = 0; i < 7; i++) await press('ArrowUp')
      await press('c')
      await write('add', 'Enter')
      await press('ArrowDown')
      for (let i = 0; i < 6; i++) await press('Shift+ArrowUp')
      await press('Control+g', 'u', ']', ']')
      for (let stage = 2; stage <= 3; stage++) {
        await insert('basic block, stride 2', 'basic block')
        await press('F2')
        await tabTo('Repeat')
        await write('2', 'Enter', 'Escape')
      }
      await insert('global average pooling', 'dense', 'softmax')
      await page.getByText('No problems').first().waitFor()
      expect(meaning(await exported(page, home))).toBe(meaning(networkFromPreset('resnet-20')))

      await tabTo('Theory')
      await press('Enter')
      await tabTo('Make it a ProcResNet (projected)')
      await press('Enter')
      await node(page, 'transition1').waitFor()
      await press('Control+Enter')
      await page.getByText('Your network').waitFor()
      await press('Control+Enter')
      await waitForSteps(page, 3)
      await press('Control+.')
      await waitForState(page, 'Stopped')
    }),
  ))

test('every preset comes out of the canvas as it went in', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      await saveInto(app, home)
      for (const { example } of listPresets()) {
        await openDesigner(page, `preset=${encodeURIComponent(example)}`)
        await page.getByRole('heading', { name: example }).waitFor()
        // Opened, written out, folded again; a node moved and put back.
        await page.getByRole('application').focus()
        for (const key of ['Shift+O', 'ArrowDown', 'ArrowDown', 'Enter', 'Alt+ArrowRight', 'Control+Z', 'Shift+F'])
          await page.keyboard.press(key)
        expect(await exported(page, home)).toEqual({ ...networkFromPreset(example), name: expect.any(String) as string })
      }
      // Nothing was changed in the end, so nothing is kept.
      await page.getByRole('link', { name: 'Library' }).click()
      await page.getByRole('heading', { name: 'Starting points' }).waitFor()
      await expect.poll(() => page.getByRole('heading', { name: 'Your networks' }).count()).toBe(0)
    }),
  ))

test('what is drawn is there after a restart, with its versions; a newer document is shown and cannot be changed', () =>
  withHome(async (home) => {
    await withApp(home, async (page) => {
      await openDesigner(page, 'preset=resnet-20')
      await node(page, 'stem').click()
      await page.keyboard.press('Control+D')
      await node(page, 'stem2').waitFor()
      await page.getByText('Saved', { exact: true }).waitFor()
      await page.keyboard.press('Control+S')
      await page.getByText('Kept as version 1.').waitFor()
      await node(page, 'stem2').click()
      await page.keyboard.press('Delete')
      await node(page, 'stem2').waitFor({ state: 'detached' })
    })
    await withApp(home, async (page) => {
      await page.getByRole('link', { name: 'Design', exact: true }).click()
      await page
        .getByRole('link', { name: /resnet-20, edited/ })
        .or(page.getByText('resnet-20, edited'))
        .first()
        .dblclick()
      await page.getByRole('application').waitFor()
      await node(page, 'stem').waitFor()
      await expect.poll(() => node(page, 'stem2').count()).toBe(0)
      await page.getByRole('button', { name: 'Versions (1)' }).click()
      await page.getByText(/stem2/).first().waitFor()
      await page.keyboard.press('Escape')

      const file = path.join(home, 'newer.json')
      writeFileSync(file, JSON.stringify({ ...networkFromPreset('plain-8'), version: 7, hologram: true }))
      await page.getByRole('link', { name: 'Library' }).click()
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: 'Import…' }).click()
      await (await chooser).setFiles(file)
      await page
        .getByText(/version 7 is from a newer NormLab/i)
        .first()
        .waitFor()
      await node(page, 'stage1').click()
      await page.keyboard.press('Delete')
      await expect.poll(() => node(page, 'stage1').count()).toBe(1)
    })
  }))

test('layers are copied from one network to another; undo goes on where a network is opened again; a click picks one of many', () =>
  withHome((home) =>
    withApp(home, async (page) => {
      await openDesigner(page, 'preset=resnet-20')
      await node(page, 'stage2').click()
      await page.keyboard.press('Control+C')
      await openDesigner(page, `preset=${encodeURIComponent('densenet-bc:blocks=2,growth=4,stages=2')}`)
      await page.getByRole('heading', { name: 'densenet-bc' }).waitFor()
      await node(page, 'stem').click()
      await page.keyboard.press('Control+V')
      const stages = (): Promise<number> => page.locator('.vue-flow__node', { hasText: /^stage/ }).count()
      await expect.poll(stages).toBe(3)
      await page.getByText('Saved', { exact: true }).waitFor()

      await page.getByRole('link', { name: 'Runs', exact: true }).first().click()
      await page.getByText('No runs yet').waitFor()
      await page.goBack()
      await page.getByRole('application').waitFor()
      await expect.poll(() => stages()).toBe(3)
      await page.keyboard.press('Control+Z')
      await expect.poll(stages).toBe(2)
      await node(page, 'stem').click()
      await node(page, 'transition1').click({ modifiers: ['Shift'] })
      await inspector(page).getByText(/^2 /).first().waitFor()
      await page.keyboard.press('Control+A')
      await node(page, 'transition1').click()
      await page.keyboard.press('Delete')
      await node(page, 'transition1').waitFor({ state: 'detached' })
      await expect.poll(() => node(page, 'stem').count()).toBe(1)

      // All of it undone: nothing of it stays, and Back leads to where it was begun.
      await openDesigner(page, 'preset=resnet-20')
      await page.getByRole('heading', { name: 'resnet-20' }).waitFor()
      await node(page, 'stage2').click()
      await page.keyboard.press('Delete')
      await page.getByText('Saved', { exact: true }).waitFor()
      await expect.poll(() => page.url()).toContain('id=')
      await page.keyboard.press('Control+Z')
      await page.getByRole('link', { name: 'Runs', exact: true }).first().click()
      await page.getByText('No runs yet').waitFor()
      await page.goBack()
      await node(page, 'stage2').waitFor()
      expect(page.url()).toContain('preset=resnet-20')

      // What the data set has is a part of what has to fit.
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await inspector(page).getByLabel('Data set').selectOption({ index: 1 })
      await page.getByRole('tab', { name: /Problems/ }).click()
      await page.getByRole('button', { name: /^Set height to/ }).click()
      await page.getByText(/^the images of/i).waitFor({ state: 'detached' })
    }),
  ))

test.each(['light', 'dark'] as const)('axe finds nothing serious in the designer, %s', (scheme) =>
  withHome((home) =>
    withApp(home, async (page) => {
      await page.emulateMedia({ colorScheme: scheme })
      await page.evaluate(`location.hash = '#/design'`)
      await page.getByRole('heading', { name: 'Starting points' }).waitFor()
      expect(await seriousFindings(page)).toEqual([])
      await openDesigner(page, 'new=1')
      expect(await seriousFindings(page)).toEqual([])
      await openDesigner(page, 'preset=resnet-20')
      await page.getByRole('button', { name: 'Open stage2', exact: true }).click()
      await page.getByRole('button', { name: 'Open stage2/block1', exact: true }).click()
      await tool(page, 'Fit the network into the window').click()
      for (const path of ['stage2/block1/conv1', 'stage2/block', 'stage2/block1/add']) {
        await node(page, path).click({ position: { x: 12, y: 8 } })
        expect(await seriousFindings(page)).toEqual([])
      }
      await page.getByRole('tab', { name: 'Theory' }).click()
      await page.getByRole('button', { name: /Measure now/ }).click()
      await page.getByText('Ratio at initialisation').waitFor({ timeout: 60_000 })
      expect(await seriousFindings(page)).toEqual([])
      await page.getByRole('tab', { name: /Problems/ }).click()
      await tool(page, 'Undo').isDisabled()
      await page.getByRole('button', { name: 'Keys', exact: true }).click()
      expect(await seriousFindings(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: /^Versions/ }).click()
      expect(await seriousFindings(page)).toEqual([])
    }),
  ),
)
