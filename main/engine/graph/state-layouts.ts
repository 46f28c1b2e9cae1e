import { isOptimiserMatrix } from '../../../shared/optimisers'
import type { CompiledGraph } from './compile'
import type { Layout } from './layout'
import type { StateVector } from './parts/context'

/** Where the tensors of a vector of a session's state lie. */
export function layoutOf(graph: Pick<CompiledGraph, 'parameters' | 'statistics' | 'sides'>, vector: StateVector): Layout {
  if (vector === 'statistics') return graph.statistics
  return isOptimiserMatrix(vector) ? graph.sides : graph.parameters
}
