export { type ReadyBlock, readyBlocks } from './blocks'
export { type Branch, branchOf } from './branch'
export { branchEnds } from './branch-ends'
export { convertTo, type Form, formOf, formsOf, FORMS, recommendedRepairs } from './convert'
export { checkDepth, depthMultiplier, depthScaling } from './depth-scaling'
export { differenceOfTotals, documentDifference, type DocumentDifference, type DocumentTotals } from './difference'
export { DOCUMENT_VERSION, NetworkDocument, type NetworkNode } from './document'
export { boundaries, type ExpandedNetwork, type ExpandedUnit, expand, type Layer, parameterNames, recordedUnits } from './expand'
export { countParameters, inspectNetwork } from './inspect'
export { listPresets } from './presets'
export { trainingMemory } from './memory'
export { type Fans, initialDeviation } from './mean-field/kernel-variance'
export { type KernelGroups, kernelGroups } from './kernel-groups'
export { criticalityOf, criticalWords } from './mean-field/criticality'
export { foreseenOfRun, foreseenSignal, predictSignal } from './mean-field/predict'
export { checkNormValues } from './norm-values'
export { checkGroups, isInGroup } from './parameter-groups'
export {
  clippedLayers,
  penalisedLayers,
  fits,
  projectableTransitions,
  projectedLayers,
  spectralLayers,
  whitenedLayers,
} from './repairs'
export { type Geometry, networkFromDocument, networkFromPreset, presetOf, resolveNetwork, writtenOut } from './resolve'
export { type Skip, type Theory, theoryOf, type UnitTheory } from './theory'
