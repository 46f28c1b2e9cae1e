import { describe, expect, it } from 'vitest'
import { COMMANDS, accelerator, commandCalled, conflicts, keyText } from '../../../shared/commands'
import { commandsOf } from '../../../shared/commands/command'

describe('the registry of commands', () => {
  it('has no key that means two things at once', () => {
    expect(conflicts(COMMANDS)).toEqual([])
  })

  it('finds a key that two commands have where both hold', () => {
    const one = commandsOf('Go', 'everywhere', [['go.here', 'Here', ['Ctrl+G']]])
    const other = commandsOf('Edit', 'canvas', [['design.group', 'Group', ['Ctrl+G']]])
    const elsewhere = commandsOf('Run', 'run', [['run.go', 'Go', ['Ctrl+G']]])
    expect(conflicts([...one, ...other])).toEqual(['Ctrl+G is go.here (everywhere) and design.group (canvas)'])
    expect(conflicts([...other, ...elsewhere])).toEqual([])
  })

  it('calls each by one name, with a label that says what it does', () => {
    expect(new Set(COMMANDS.map(({ id }) => id)).size).toBe(COMMANDS.length)
    for (const { id, label } of COMMANDS) {
      expect(id).toMatch(/^[a-z]+\.[A-Za-z-]+$/)
      expect(label).toMatch(/^[A-Z].*[^.]$/)
      expect(commandCalled(id)?.label).toBe(label)
    }
    expect(commandCalled('toString')).toBeUndefined()
  })

  it('writes keys in the one way in which events are read', () => {
    for (const key of COMMANDS.flatMap(({ keys }) => keys))
      expect(key).toMatch(/^(Ctrl\+)?(Alt\+)?(Shift\+)?([^a-z]|[A-Z][A-Za-z]+|F\d+)$/)
  })

  it('tells keys to people and to the system’s menu', () => {
    expect(keyText('Ctrl+Enter')).toBe('Ctrl+⏎')
    expect(keyText('Ctrl+Shift+Z', true)).toBe('⌘Shift+Z')
    expect(accelerator('Ctrl+Shift+Z')).toBe('CmdOrCtrl+Shift+Z')
    expect(accelerator('Alt+ArrowLeft')).toBe('Alt+Left')
    expect(accelerator('Ctrl+.')).toBe('CmdOrCtrl+.')
    for (const plain of ['?', '/', '+', ']', 'Ctrl++']) expect(accelerator(plain)).toBeUndefined()
  })
})
