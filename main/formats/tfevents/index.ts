export { beginsWithRecord } from './records'
export { readScalars, type Scalar, scalarsRecord, versionRecord } from './events'
