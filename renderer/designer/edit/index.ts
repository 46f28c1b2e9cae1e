export { connect, disconnect, EXIT, mostInputs, type Target, targetsOf, whyNot } from './connect'
export { copyNodes, duplicate, readCopied } from './copy'
export {
  placeNodes,
  rename,
  renameNetwork,
  renameTwin,
  replaceKind,
  setAttribute,
  setFirst,
  setOutput,
  setRepeat,
  setUnit,
} from './fields'
export { group, ungroup, writeOut } from './group'
export { insertNodes, type Place } from './insert'
export { keepValid } from './keep-valid'
export { removeNodes } from './remove'
export { idOf, isBlock, join, nodeAt, nodesOf, parentOf } from './tree'
export { freeId, wiringOf } from './wiring'
