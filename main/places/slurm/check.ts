import type { SlurmProfile } from '../../../shared/places/profile'
import { NoAnswer, type PlaceCheck } from '../place'
import { programOf, quoted } from '../task'
import { lastLine, type Ssh } from './ssh'

/** Asks the login node for all that a grid will need there, in one call. */
export async function checkSlurm(profile: SlurmProfile, ssh: Ssh): Promise<readonly PlaceCheck[]> {
  const { folder, modules, partition } = profile
  const program = `${programOf(profile)} --version`
  const load = modules.length > 0 ? `module load ${modules.join(' ')} && ` : ''
  const asked: readonly (readonly [name: string, script: string, isSure: boolean])[] = [
    ['Slurm', 'sinfo --version && scontrol ping | head -n 1', true],
    ['partition', `sinfo -h ${partition === undefined ? '' : `-p ${partition} `}-o '%P %a, %D nodes, at most %l' | grep .`, true],
    ['folder', `mkdir -p ${quoted(folder)} && cd ${quoted(folder)} && : > .check && rm .check && pwd`, true],
    // The login node may lack what the compute nodes have.
    ['normlab', `bash -lc ${quoted(load + program)}`, false],
  ]
  const script = asked.map(([name, words]) => `echo '@${name}'; { ${words}; } 2>&1; echo "@status $?"`).join('\n')
  try {
    const { output } = await ssh.run(script)
    const told = output.toString()
    return [
      { name: 'connection', state: 'fine', text: `${profile.host} answers over ssh` },
      ...asked.map(([name, , isSure]): PlaceCheck => {
        const [, text = '', status = '1'] = new RegExp(`^@${name}\\n([^]*?)@status (\\d+)$`, 'm').exec(told) ?? []
        const isFine = status === '0'
        return { name, state: isFine ? 'fine' : isSure ? 'fault' : 'unknown', text: isFine ? text.trim().replace(/\s*\n\s*/g, '; ') : lastLine(text) || 'no answer' } // prettier-ignore
      }),
    ]
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return [{ name: 'connection', state: 'fault', text: error.message }]
  }
}
