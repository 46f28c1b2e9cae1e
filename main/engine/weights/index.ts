export { openWeights, type WeightFile } from './file'
export { openWeightsFor, readWeightsFor, reportWeights } from './fitted'
export { turned } from './layers'
export { checkWeights, readParameter, readStatistics, readWeights, statisticsPrefix } from './read'
