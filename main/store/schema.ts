import { UserError } from '../../shared/errors'
import type { Connection } from './connection'
import { migrations } from './migrations'
import { checkStructure } from './structure'

export const STORE_VERSION = migrations.length

/** Brings the store up to this program's version, all or nothing. @throws UserError for a store from the future. */
export function migrate(connection: Connection): void {
  const seen = versionOf(connection)
  if (seen <= STORE_VERSION) checkStructure(connection, seen)
  if (seen === STORE_VERSION) return
  if (seen === 0) connection.execute('PRAGMA auto_vacuum = INCREMENTAL')
  connection.transaction(() => {
    // Asked again under the lock: another lab may have migrated in between.
    const found = versionOf(connection)
    if (found > STORE_VERSION) throw newerStore(found, connection.file)
    for (const script of migrations.slice(found)) connection.execute(script)
    connection.execute(`PRAGMA user_version = ${STORE_VERSION}`)
  })
}

export function newerStore(version: number, file: string): UserError {
  return new UserError(`the store has version ${version}, this NormLab knows versions up to ${STORE_VERSION}`, {
    place: file,
    remedy: 'use the newer NormLab that wrote it, or choose another data folder',
  })
}

export function versionOf(connection: Connection): number {
  return (connection.query('PRAGMA user_version')[0] as { user_version: number }).user_version
}
