import { readonly, shallowRef } from 'vue'

/**
 * What a button begins, once: pressed again while that is on its way (a double click, a key that is held down), it does nothing.
 *
 * @param failed Told what the work threw.
 */
export function useOnce<Of extends readonly unknown[]>(work: (...of: Of) => Promise<void>, failed: (error: unknown) => void) {
  const isBusy = shallowRef(false)
  async function begin(...of: Of): Promise<void> {
    if (isBusy.value) return
    isBusy.value = true
    try {
      await work(...of)
    } catch (error) {
      failed(error)
    } finally {
      isBusy.value = false
    }
  }
  return { isBusy: readonly(isBusy), begin }
}
