import { expect, it } from 'vitest'
import { networkFromPreset } from '../../../shared/architecture'
import { checkNetwork } from '../../../shared/architecture/check'
import { dataProblems, withProblems } from '../../../shared/architecture/data-fit'
import { setAttribute } from '../../../renderer/designer/edit'
import { fixesFor } from '../../../renderer/designer/state/fixes'

const shapes = { title: 'Shapes', shape: [32, 32, 3], classes: Array.from({ length: 10 }, (_, i) => `${i}`) }
const digits = { title: 'Digits', shape: [8, 8, 1], classes: shapes.classes.slice(0, 4) }

it('finds a network that fits a data set to have no problem with it', () => {
  const check = checkNetwork(networkFromPreset('resnet-20'))
  expect(dataProblems(check, shapes)).toEqual([])
  expect(withProblems(check, [])).toBe(check)
})

it('tells the input and the last layer what the data set has, and mends both', () => {
  let document = networkFromPreset('resnet-20')
  let check = withProblems(checkNetwork(document), dataProblems(checkNetwork(document), digits))
  expect(check.problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'input: the images of “Digits” are 8×8×1 and it takes 32×32×3',
    'head: “Digits” has 4 classes and it tells 10 apart',
  ])
  expect(check.nodes.get('head')!.problems).toHaveLength(1)
  for (const problem of check.problems) document = fixesFor(problem, document, check)[0]!.edit(document).document
  check = checkNetwork(document)
  expect([check.problems, dataProblems(check, digits)]).toEqual([[], []])
})

it('speaks of the network where no dense layer stands before the loss, and is silent where shapes are not known', () => {
  const document = networkFromPreset('resnet-20')
  const headless = { ...document, nodes: document.nodes.filter(({ id }) => id !== 'head') }
  expect(dataProblems(checkNetwork(headless), shapes)[0]).toMatchObject({ path: 'loss', message: '“Shapes” has 10 classes and the network tells 64 apart' }) // prettier-ignore
  const broken = setAttribute(document, ['stage2/block1/conv1'], 'filters', 0).document
  expect(dataProblems(checkNetwork(broken), shapes)).toEqual([])
})
