import { expect, it } from 'vitest'
import { useOnce } from '../../../renderer/ui/use-once'

it('what is pressed again while it is on its way is begun once; afterwards, or after a failure, it can be begun again', async () => {
  const begun: string[] = []
  const failures: unknown[] = []
  let end = (_?: Error): void => undefined
  const { isBusy, begin } = useOnce(
    (what: string) => {
      begun.push(what)
      return new Promise<void>((resolve, reject) => (end = (error) => (error ? reject(error) : resolve())))
    },
    (error) => failures.push(error),
  )
  const first = begin('first')
  expect(isBusy.value).toBe(true)
  await begin('again')
  expect(begun).toEqual(['first'])
  end(new Error('full'))
  await first
  expect(failures).toEqual([new Error('full')])
  expect(isBusy.value).toBe(false)
  const second = begin('second')
  end()
  await second
  expect(begun).toEqual(['first', 'second'])
  expect(failures).toHaveLength(1)
})
