import { expand } from '../../../shared/architecture'
import { networkFromPreset } from '../../../shared/architecture/resolve'
import { NetworkSession } from '../network-session'
import type { SelfTestAnswer, TaskProgress } from '../questions'

/** A residual network with a transition, as small as one can be. */
const NETWORK = 'resnet:blocks=1,widths=4/8,input=8x8x3,classes=5'
const BATCH = 4
const CLASSES = 5
const RATE = 0.05
const OPTIMISER = { momentum: 0.9, nesterov: false, weightDecay: 1e-4 } as const

/**
 * What three steps of the optimiser come to from the parameters and images of `valueAt`: computed in double precision by another program
 * (test/golden/reference/torch/make_self_test.py), which shares no code with this one.
 */
const EXPECTED: Readonly<{ losses: readonly number[]; norms: readonly (readonly number[])[]; gradientNorms: readonly number[] }> =
  {
    losses: [1.5642219508882973, 1.7089571183759875, 1.7374290900696325],
    norms: [
      [0.5164997330566213, 0.3333970623971163, 0.10023603962626934],
      [0.6252761308780536, 0.41248980755447273, 0.1062138365611023],
      [0.4491101954596824, 0.3764432617349872, 0.10046626633170834],
    ],
    gradientNorms: [0.66131501550024, 0.7441774534320679, 0.8382341970679644],
  }

/** A GPU may multiply with ten bits of mantissa (TF32); a processor comes within 1e-6. */
const TOLERANCE = 1e-2

/** The i-th parameter, and the i-th value of the images of step k from 1 (k × 1000 further on): anything that repeats nowhere. */
const valueAt = (i: number): number => 0.4 * Math.sin(1.7 * i + 0.5) + 0.3 * Math.cos(0.31 * i)

/** A small known step through the engine, and how far its numbers are from what they have to be. */
export function selfTest(tell: (progress: TaskProgress) => void = () => undefined): SelfTestAnswer {
  const network = expand(networkFromPreset(NETWORK))
  const session = new NetworkSession(network, { batch: BATCH, threads: 1, optimiser: OPTIMISER })
  try {
    session.set(
      'parameters',
      Float32Array.from({ length: session.graph.parameters.length }, (_, i) => valueAt(i)),
    )
    const total = EXPECTED.losses.length + 1
    const found = EXPECTED.losses.map((_, k) => {
      tell({ phase: 'testing', done: k + 1, total })
      return session.step(batchOf(k + 1), RATE, k + 1)
    })
    const differences = found.flatMap(({ loss, norms, gradientNorm }, k) => [
      off(loss, EXPECTED.losses[k]!),
      off(gradientNorm, EXPECTED.gradientNorms[k]!),
      ...[...norms].map((norm, l) => off(norm, EXPECTED.norms[k]![l]!)),
    ])
    const worst = Math.max(...differences.map((difference) => (Number.isFinite(difference) ? difference : Infinity)))
    return { losses: found.map(({ loss }) => loss), expected: [...EXPECTED.losses], worst, isRight: worst <= TOLERANCE }
  } finally {
    session.close()
  }
}

/** Relative to what it has to be. */
const off = (found: number, expected: number): number => Math.abs(found - expected) / Math.abs(expected)

function batchOf(step: number): { images: Float32Array; labels: Int32Array } {
  return {
    images: Float32Array.from({ length: BATCH * 8 * 8 * 3 }, (_, i) => valueAt(1000 * step + i)),
    labels: Int32Array.from({ length: BATCH }, (_, i) => (i + step) % CLASSES),
  }
}
