import path from 'node:path'
import { runTool } from './command-line'
import { audit } from './known-faults'

/** `npm run audit`: known faults of the packages in the lockfile, where the registry tells them; fails where there are grave ones. */
runTool(() => {
  const { grave, other, skipped } = audit(path.resolve(__dirname, '..'))
  for (const line of [...grave, ...other]) process.stdout.write(`${line}\n`)
  process.stdout.write(skipped === null ? `${grave.length} grave faults, ${other.length} others are known.\n` : `${skipped}.\n`)
  if (grave.length > 0) process.exitCode = 1
  return Promise.resolve()
})
