import fc from 'fast-check'

function nested(depth: number, around: (inner: unknown) => unknown): unknown {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = around(value)
  return value
}

/** Values that go round in a circle: a port carries them. */
function circle(): unknown {
  const document: Record<string, unknown> = { id: 'a', kind: 'block' }
  document['nodes'] = [document]
  return document
}

/** An object with a field of that name of its own, as `JSON.parse` makes one. */
function withField(name: string, value: unknown): unknown {
  return Object.defineProperty({}, name, { value, enumerable: true })
}

const long = 'x'.repeat(300_000)

/** What somebody sends who means harm. Shared, so nobody may change them. */
export const HOSTILE: readonly unknown[] = [
  ...[null, undefined, true, NaN, Infinity, -Infinity, -0, -1, 0, 0.5, 1e308, 5e-324, 2 ** 31, 2 ** 53, 2 ** 64, 123n],
  ...['', ' ', long, '\u0000', 'a\u0000b', '\ud800', '\u202Eexe.txt', '1', 'NaN', 'null', '%00', '\n\r\n', '\u001b[2J'],
  ...['/etc/passwd', '../../../../etc/passwd', '..\\..\\windows', 'C:\\windows\\win.ini', 'file:///etc/passwd', '~/.ssh/id_rsa'],
  ...['/dev/zero', '/proc/self/mem', '\\\\host\\share', 'http://169.254.169.254/', '`id`', '$(id)', '{{7*7}}', '%s%n'],
  ...[
    "'; DROP TABLE runs; --",
    '" OR 1=1',
    '<script>alert(1)</script>',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
  ],
  ...[[], {}, [[]], [null], Array<number>(100_000).fill(0), Array<string>(1000).fill('a'), new Array(5)],
  ...[nested(500, (inner) => [inner]), nested(2000, (inner) => ({ nodes: [inner] })), circle()],
  ...[nested(300, (inner) => ({ id: 'a', kind: 'block', nodes: [inner] })), nested(300, (inner) => ({ $n: inner }))],
  ...[
    withField('__proto__', { isAdmin: true }),
    withField('constructor', { prototype: 1 }),
    withField('toString', 1),
    { length: 1e9 },
  ],
  ...[withField('toJSON', 1), withField('then', 1), { file: '/etc/passwd' }, { $f32: '!' }],
  ...[
    new Date(NaN),
    new Map([[1, 2]]),
    new Set([1]),
    /a+$/,
    new Uint8Array(4),
    Float32Array.of(NaN),
    new ArrayBuffer(8),
    new Error('x'),
  ],
]

type Holder = Record<string, unknown> | unknown[]

/** Where in a value something can be put: every object and list in it, with the keys of each. */
function places(value: unknown, found: [Holder, string][] = []): [Holder, string][] {
  if (typeof value !== 'object' || value === null || found.length > 500) return found
  if (Object.getPrototypeOf(value) !== Object.prototype && !Array.isArray(value)) return found
  for (const key of Object.keys(value)) {
    found.push([value as Holder, key])
    places((value as Record<string, unknown>)[key], found)
  }
  return found
}

const Spoiling = fc.record({
  what: fc.constantFrom('replace', 'replace', 'replace', 'whole', 'remove', 'add', 'wrap', 'swap'),
  at: fc.nat(1000),
  other: fc.nat(1000),
  value: fc.oneof(fc.constantFrom(...HOSTILE), fc.anything({ maxDepth: 2 })),
  key: fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'file', 'path', 'extra', '', '0', '$n'),
})

/** The same value with one to three things in it that nobody asked for. */
export function spoilt(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(value, fc.array(Spoiling, { minLength: 1, maxLength: 3 })).map(([made, steps]) => {
    let result = made
    for (const { what, at, other, value: hostile, key } of steps) {
      const all = places(result)
      const [holder, name] = all[at % Math.max(1, all.length)] ?? []
      if (what === 'whole' || holder === undefined || name === undefined) {
        if (holder === undefined || at % 7 === 0) result = hostile
        continue
      }
      const set = (field: string, content: unknown): void =>
        void Reflect.defineProperty(holder, field, { value: content, enumerable: true, configurable: true, writable: true })
      const there = (holder as Record<string, unknown>)[name]
      if (what === 'replace') set(name, hostile)
      else if (what === 'remove') Reflect.deleteProperty(holder, name)
      else if (what === 'add') set(Array.isArray(holder) ? String(holder.length) : key, hostile)
      else if (what === 'wrap') set(name, [there])
      else set(name, all[other % all.length]?.[0][all[other % all.length]![1] as never])
    }
    return result
  })
}
