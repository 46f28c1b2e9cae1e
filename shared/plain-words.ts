/** What a schema calls a kind of value, as one would call it. */
const KINDS: Readonly<Record<string, string>> = {
  ...{ number: 'a number', int: 'a whole number', string: 'a string', boolean: 'true or false' },
  ...{ array: 'a list', tuple: 'a list', object: 'an object', record: 'an object' },
}
const SIGNS: Readonly<Record<string, string>> = {
  '>=': 'at least ',
  '<=': 'at most ',
  '>': 'more than ',
  '<': 'less than ',
  'exactly ': 'exactly ',
}
/** `Too small: expected array to have >=1 items`. */
const SIZE = /expected \w+ to have (>=|<=|>|<|exactly )(\d+) (items|characters)/
/** `Too big: expected number to be <=10`. */
const BOUND = /expected \w+ to be (>=|<=|>|<) ?(.+)$/

/** A schema's complaint, `Too small: expected number to be >=1`, as one would say it: `must be at least 1`. */
export function plainWords(message: string): string {
  const size = SIZE.exec(message)
  if (size) return `must have ${SIGNS[size[1]!]}${countOf(Number(size[2]), size[3]!)}`
  const bound = BOUND.exec(message)
  if (bound) return `must be ${SIGNS[bound[1]!]}${bound[2]}`
  const type = /expected (\w+), received (\w+)$/.exec(message)
  if (type) return kindWords(type[1]!, type[2]!)
  const values = /expected (?:one of )?((?:"[^"]*"|-?[\d.]+)(?:\|(?:"[^"]*"|-?[\d.]+))*)$/.exec(message)
  if (values) return `must be ${oneOf(values[1]!.match(/"[^"]*"|[^|]+/g)!)}`
  const members = /Expected ('[^']*'(?: \| '[^']*')*)$/.exec(message)
  if (members) return `must be ${oneOf(members[1]!.replace(/'/g, '"').split(' | '))}`
  const keys = /^unrecognized keys?: (.+)$/i.exec(message)
  if (keys) return `there is no field ${keys[1]!.replace(/"([^"]*)"/g, '“$1”').replace(/, (?=[^,]*$)/, ' or ')}`
  if (/^invalid input$/i.test(message)) return 'does not fit'
  if (/must match pattern/.test(message)) return 'is not written as it must be'
  return message.charAt(0).toLowerCase() + message.slice(1)
}

const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  items: ['entry', 'entries'],
  characters: ['character', 'characters'],
}
const countOf = (count: number, unit: string): string => `${count} ${UNITS[unit]![count === 1 ? 0 : 1]}`

/** What was wanted, and what was there instead. */
function kindWords(expected: string, received: string): string {
  if (received === 'undefined') return 'is missing'
  const wanted = KINDS[expected] ?? expected
  if (received === 'NaN' || received === 'Infinity') return 'must be a finite number'
  // A whole number was wanted and a fraction was there.
  if (received === 'number' && expected === 'int') return `must be ${wanted}`
  const found = received === 'boolean' ? 'a truth value' : (KINDS[received] ?? received)
  return `must be ${wanted}, not ${found}`
}

/** `“same” or “valid”`, `“stem”, “block” or “transition”`. */
function oneOf(values: readonly string[]): string {
  const words = values.map((value) => value.replace(/^"(.*)"$/, '“$1”'))
  const last = words.pop()!
  return words.length > 0 ? `${words.join(', ')} or ${last}` : last
}
