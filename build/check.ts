import path from 'node:path'
import { runTool } from './command-line'
import { check, CHECKS } from './checks'

/** `npm run check`: types, lint (with the layer rule), format. */
runTool(async () => {
  const failed = await check(path.resolve(__dirname, '..'))
  if (failed > 0) process.exitCode = 1
  process.stdout.write(`${CHECKS.length - failed} passed, ${failed} failed\n`)
})
