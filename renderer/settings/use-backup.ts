import { shallowRef, type ShallowRef } from 'vue'
import { useFileExchange } from '../lab/file-exchange'

/** A backup of the data folder, where the app's dialog says; a page in a browser has none, as it may not name a file of the machine. */
export function useBackup(): { readonly canBackUp: boolean; readonly isWriting: ShallowRef<boolean>; write(): Promise<void> } {
  const { told, isApp, inApp } = useFileExchange()
  const isWriting = shallowRef(false)
  async function write(): Promise<void> {
    isWriting.value = true
    await told(() => inApp({ kind: 'export-backup' }))
    isWriting.value = false
  }
  return { canBackUp: isApp(), isWriting, write }
}
