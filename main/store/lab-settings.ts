import type { Connection } from './connection'

/** What holds for all runs of a data folder, by name. */
export class SettingTable {
  constructor(private readonly connection: Connection) {}

  /** Undefined where nobody has set it. */
  get(name: string): unknown {
    const row = this.connection.first('SELECT value FROM settings WHERE name = ?', [name]) as { value: string } | undefined
    return row && JSON.parse(row.value)
  }

  set(name: string, value: unknown): void {
    this.connection.change('INSERT OR REPLACE INTO settings VALUES (?, ?)', [name, JSON.stringify(value)])
  }
}
