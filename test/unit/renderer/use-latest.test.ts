import { describe, expect, it } from 'vitest'
import { effectScope, nextTick, shallowRef, watch } from 'vue'
import { useAnswer, useLatest } from '../../../renderer/lab/use-latest'
import { UserError } from '../../../shared/errors'

/** A question whose answers are given by hand. */
function byHand() {
  const asked: { key: unknown; answer: (value: string) => void; fail: (error: Error) => void }[] = []
  const question = (key?: unknown): Promise<string> => new Promise((answer, fail) => void asked.push({ key, answer, fail }))
  return { asked, question }
}
/** All that follows from what was just answered. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function inScope<T>(make: () => T): T & { leave: () => void } {
  const scope = effectScope()
  return { ...scope.run(make)!, leave: () => scope.stop() }
}

describe('the latest answer', () => {
  it('is taken, and an earlier question’s that comes later is dropped', async () => {
    const { asked, question } = byHand()
    const { value, error, pending, ask } = inScope(() => useLatest<string>())
    const [first, second] = [ask(question), ask(question)]
    expect(pending.value).toBe(true)
    asked[1]!.answer('second')
    await settled()
    expect([value.value, error.value, pending.value]).toEqual(['second', null, false])
    asked[0]!.answer('first')
    expect(await Promise.all([first, second])).toEqual([true, true])
    expect(value.value).toBe('second')
  })

  it('is waited for as long as an earlier one alone has come, or failed', async () => {
    const { asked, question } = byHand()
    const { value, error, pending, ask } = inScope(() => useLatest<string>())
    const first = ask(question)
    void ask(question)
    asked[0]!.fail(new UserError('the first was wrong'))
    expect(await first).toBe(false)
    expect([value.value, error.value, pending.value]).toEqual([null, null, true])
  })

  it('stays after a failure, which is told, or goes with it', async () => {
    for (const [earlier, left] of [
      ['stays', 'good'],
      ['goes with a failure', null],
    ] as const) {
      const { value, error, pending, ask } = inScope(() => useLatest<string>(earlier))
      await ask(async () => 'good')
      await ask(async () => Promise.reject(new UserError('it does not fit', { remedy: 'make it smaller' })))
      expect([value.value, error.value, pending.value]).toEqual([left, 'It does not fit; make it smaller.', false])
      await ask(async () => 'better')
      expect([value.value, error.value]).toEqual(['better', null])
    }
  })

  it('is nobody’s once the page is left: nothing changes, and a question in steps learns of it', async () => {
    const { asked, question } = byHand()
    const { value, error, pending, ask, leave } = inScope(() => useLatest<string>())
    const learnt: boolean[] = []
    const done = ask(async (isLatest) => {
      learnt.push(isLatest())
      const answer = await question()
      learnt.push(isLatest())
      return answer
    })
    leave()
    asked[0]!.answer('too late')
    await done
    expect(learnt).toEqual([true, false])
    await ask(async () => Promise.reject(new UserError('too late')))
    expect([value.value, error.value, pending.value]).toEqual([null, null, false])
  })
})

describe('the answer that goes with a choice', () => {
  it('is asked at once and with each change; what was asked before is dropped', async () => {
    const { asked, question } = byHand()
    const choice = shallowRef<string | null>('a')
    const { value } = inScope(() => useAnswer(() => choice.value, question))
    choice.value = 'b'
    await nextTick()
    expect(asked.map(({ key }) => key)).toEqual(['a', 'b'])
    asked[1]!.answer('of b')
    asked[0]!.answer('of a')
    await settled()
    expect(value.value).toBe('of b')
    // Nothing is chosen any more: what is still on its way is dropped, what is there stays.
    choice.value = 'c'
    await nextTick()
    choice.value = null
    await nextTick()
    asked[2]!.answer('of c')
    await settled()
    expect([asked.length, value.value]).toEqual([3, 'of b'])
  })

  it('goes at once with what it belonged to, where that is wanted', async () => {
    const choice = shallowRef<string | null>('a')
    const { value, error } = inScope(
      () =>
      useAnswer(() => choice.value, async (key) => (key === 'bad' ? Promise.reject(new UserError('it is bad')) : key), { earlier: 'goes at once' }), // prettier-ignore
    )
    const seen: unknown[] = []
    watch([value, error], () => seen.push([value.value, error.value]), { flush: 'sync' })
    for (const next of ['bad', 'c', null]) {
      await settled()
      choice.value = next
    }
    await settled()
    expect(seen).toEqual([['a', null], [null, null], [null, 'It is bad.'], [null, null], ['c', null], [null, null]]) // prettier-ignore
  })

  it('is asked once after changes in a row, where it is to wait; not at all where the page is left before', async () => {
    const { asked, question } = byHand()
    const choice = shallowRef(0)
    const { pending, leave } = inScope(() => useAnswer(() => choice.value, question, { wait: 5 }))
    for (const next of [1, 2, 3]) {
      choice.value = next
      await nextTick()
    }
    expect([asked.length, pending.value]).toEqual([0, true])
    await expect.poll(() => asked.map(({ key }) => key)).toEqual([3])
    choice.value = 4
    await nextTick()
    leave()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([asked.length, pending.value]).toEqual([1, false])
  })
})
