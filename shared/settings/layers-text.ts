import type { SettingText } from './setting'

/** Which layers a repair takes: one of these words, or patterns of names separated by commas (or as a JSON list). */
export function layersText(words: readonly string[], example: string): SettingText {
  return {
    read(text) {
      const trimmed = text.trim()
      if (words.includes(trimmed)) return trimmed
      if (trimmed.startsWith('[')) return JSON.parse(trimmed)
      return trimmed.split(',').map((part) => part.trim())
    },
    write: (value) =>
      !Array.isArray(value)
        ? String(value)
        : value.some((name: string) => words.includes(name) || /^\s|\s$|,|^\[/.test(name))
          ? JSON.stringify(value)
          : value.join(', '),
    example,
  }
}
