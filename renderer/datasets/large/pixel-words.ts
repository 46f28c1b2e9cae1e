/** Three decimals with a proper minus, so that columns stand still while a pointer moves. */
export const formatDecimalShare = (value: number): string => value.toFixed(3).replace('-', '−')
