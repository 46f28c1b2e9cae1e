import type { GivenSource } from '../../../shared/run-files'
import { UserError } from '../../../shared/errors'
import { useFileExchange } from '../../lab/file-exchange'
import { commonName } from './common-name'
import { type SentFile, tarOf } from './tar'

/** Sends files to a lab that is behind a browser's page; one by itself as it is, several in a tar. */
export function useSendSource() {
  const { ask } = useFileExchange()

  return async function send(files: readonly SentFile[]): Promise<GivenSource | null> {
    const [first] = files
    if (!first) return null
    const isAlone = files.length === 1 && !first.path.includes('/')
    const name = isAlone ? first.path : `${commonName(files.map(({ path }) => path))}.tar`
    const body = isAlone ? first.file : tarOf(files)
    const answer = await ask(`./files/datasets?name=${encodeURIComponent(name)}`, { method: 'POST', body })
    if (!answer.ok) throw new UserError(await answer.text())
    return (await answer.json()) as GivenSource
  }
}
