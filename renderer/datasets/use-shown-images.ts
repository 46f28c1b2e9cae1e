import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { DatasetChecks } from '../../shared/datasets/checks'

/** What the address says is shown of a set: view, split, classes, and what a check found. */
export function useAddress() {
  const route = useRoute()
  const router = useRouter()
  return {
    query: (key: string): string | null => (typeof route.query[key] === 'string' ? route.query[key] : null),
    /** Changes parts of the address; null takes one out. */
    async go(change: Record<string, string | null>): Promise<void> {
      const next = { ...route.query, ...change }
      await router.replace({ query: Object.fromEntries(Object.entries(next).filter(([, value]) => value)) })
    },
  }
}

/** Which images of a split the address chooses, in their order. */
export function useShownImages(of: {
  readonly split: () => string
  readonly labels: () => Int32Array | null
  readonly classes: () => number
  readonly checks: () => DatasetChecks | null
}) {
  const { query, go } = useAddress()
  /** By their indices; all where none is chosen. */
  const classes = computed(() => {
    const words = (query('class') ?? '').split(',').filter((word) => /^\d+$/.test(word))
    return new Set(words.map(Number).filter((label) => label < of.classes()))
  })
  /** What the set's checks found in this split, by the checks' names. */
  const flags = computed(() => {
    const found = new Map<string, ReadonlySet<number>>()
    for (const { check, images, pairs } of of.checks()?.findings ?? []) {
      const own = [...images, ...pairs.flatMap(({ a, b }) => [a, b])].filter((image) => image.split === of.split())
      if (own.length > 0) found.set(check, new Set(own.map(({ index }) => index)))
    }
    return found
  })
  const flag = computed(() => (flags.value.has(query('flag') ?? '') ? query('flag')! : ''))
  /** Indices into the split; null for all of them. */
  const order = computed(() => {
    const all = of.labels()
    const flagged = flags.value.get(flag.value)
    const wanted = classes.value
    if (!all || (wanted.size === 0 && !flagged)) return null
    const found = new Uint32Array(all.length)
    let count = 0
    for (let i = 0; i < all.length; i++)
      if ((wanted.size === 0 || wanted.has(all[i]!)) && (!flagged || flagged.has(i))) found[count++] = i
    return found.slice(0, count)
  })
  const count = computed(() => order.value?.length ?? of.labels()?.length ?? 0)

  /** Shows a class alone, or beside those that are shown; one that is shown already goes; null for all. */
  function showClass(label: number | null, isAdded: boolean): void {
    const next = new Set(isAdded ? classes.value : [])
    if (label !== null && classes.value.has(label) && (isAdded || classes.value.size === 1)) next.delete(label)
    else if (label !== null) next.add(label)
    void go({ class: [...next].sort((a, b) => a - b).join(','), view: null })
  }
  return { classes, flags, flag, order, count, showClass }
}
