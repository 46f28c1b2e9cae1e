/** `Catalogue.hash` of the built-in sets as the program makes them on every machine. */
export const builtInHashes: Readonly<Record<string, string>> = {
  shapes10: '1ef711b0372166038bf054961d2608f6bc45c5703a9be4c935e0efb8a7ed3606',
  digits: '557111d8704e8c2d4e5a9de2dab8d237566dbbbd5bc4eef92305bec2428fc93f',
  spirals: '0356248712743bd025ae4db5e96722ce479aac422d1fe05227704fcbe9735f95',
  checkerboard: 'f9dbf0181910474fed2ef19199730892d012a0f0f474d61af20a7be4d1fb5300',
  clusters: '96cc8d737ae843f5a85abf115beded27954d5d85ba244c7139ff0e020bc933c1',
  'random-labels': 'aab9e585b1eb1a8df5b622924b843b5f8d3a32fdd954d995ddbe93c57e6587d8',
}
