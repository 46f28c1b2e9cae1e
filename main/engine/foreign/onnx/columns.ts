import type { Constant } from '../../../formats/onnx/model'
import { reshapedConstant } from './constants'

/** A constant as a number a column of a product; undefined where it differs from row to row, or has another number of columns. */
export function perColumn(constant: Constant | undefined, columns: number): Constant | undefined {
  return constant?.length === columns && (constant.dims.at(-1) ?? 1) === columns
    ? reshapedConstant(constant, [columns])
    : undefined
}
