export { openWeights, type WeightFile } from './file'
export { checkWeights, readParameter, readStatistics, readWeights, statisticsPrefix } from './read'
