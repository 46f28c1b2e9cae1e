import type { Connection } from './connection'
import { readJson, textRows } from './text-rows'

/** What holds for all runs of a data folder, by name. */
export class SettingTable {
  constructor(private readonly connection: Connection) {}

  /** Undefined where nobody has set it, or it cannot be read. */
  get(name: string): unknown {
    const [row] = textRows(this.connection, { value: 'value' }, 'FROM settings WHERE name = ?', [name])
    return row && readJson(row.value)
  }

  set(name: string, value: unknown): void {
    this.connection.change('INSERT OR REPLACE INTO settings VALUES (?, ?)', [name, JSON.stringify(value)])
  }
}
