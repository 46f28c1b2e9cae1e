/** A schema's complaint, `Too small: expected number to be >=1`, as one would say it: `must be at least 1`. */
export function plainWords(message: string): string {
  const bound = /expected \w+ to be (>=|<=|>|<) ?(.+)$/.exec(message)
  if (bound) return `must be ${{ '>=': 'at least', '<=': 'at most', '>': 'more than', '<': 'less than' }[bound[1]!]} ${bound[2]}`
  if (/expected int/.test(message)) return 'must be a whole number'
  return message.charAt(0).toLowerCase() + message.slice(1)
}
