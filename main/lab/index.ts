export { connectLab } from './connection'
export { createLab, type LabOptions, type OpenLab } from './lab'
export { NORMLAB_VERSION } from './version'
export { weightsName, weightsTakenIn } from './weights-words'
