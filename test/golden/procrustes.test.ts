import { describe, it } from 'vitest'
import { projectKernel, whitenKernel } from '../../main/engine/graph/procrustes'
import { expectClose } from './support/compare'
import { evaluate } from './support/expression'
import { cases, golden } from './support/reference'

const projections = cases.projection.flatMap(({ name, size }) => [
  { name, size, method: 'svd' as const, wanted: `${name}.projected` },
  { name, size, method: 'newton-schulz' as const, wanted: `${name}.projected_newton_schulz10` },
])

describe('projection', () => {
  const file = golden('projection')
  it.each(projections)('of $name on a grid of side $size by $method', ({ name, size, method, wanted }) => {
    const shape = file.shape(`${name}.kernel`)
    const kernel = { shape, values: file.floats(`${name}.kernel`) }
    const [projected] = evaluate((g) => [projectKernel(g, g.placeholder('kernel', shape), [size, size], method).kernel], {
      kernel,
    })
    expectClose(projected!, file.floats(wanted), 1e-4, `projection ${name} ${method}`)
  })
})

describe('whitening', () => {
  const file = golden('whitening')
  it.each(cases.whitening)('of $name', ({ name }) => {
    const shape = file.shape(`${name}.kernel`)
    const kernel = { shape, values: file.floats(`${name}.kernel`) }
    const [whitened] = evaluate((g) => [whitenKernel(g, g.placeholder('kernel', shape)).kernel], { kernel })
    expectClose(whitened!, file.floats(`${name}.whitened`), 1e-4, `whitening ${name}`)
  })
})
