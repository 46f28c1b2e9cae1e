import { type Command, jsonLine } from './command'

export const doctor: Command = {
  words: 'doctor',
  description: 'TensorFlow and its devices, threads, Electron, the data folder, and what is missing',
  examples: ['normlab doctor'],
  async run({ engine, output, json }) {
    const { checks } = await engine().request('lab.doctor', {})
    for (const check of checks) {
      if (json) output.print(jsonLine(check))
      else
        output.print(
          `${check.ok ? 'ok     ' : check.optional ? 'without' : 'missing'}  ${check.name}: ${check.detail}${check.remedy ? `\n         → ${check.remedy}` : ''}\n`,
        )
    }
    return checks.every(({ ok, optional }) => ok || optional) ? 0 : 1
  },
}
