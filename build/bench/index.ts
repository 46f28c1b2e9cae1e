import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { UserError } from '../../shared/errors'
import { runTool } from '../command-line'
import { prepareTensorflow } from '../prepare/tensorflow'
import { app } from './app'
import { choices, depth, limits } from './against-ourselves'
import { againstTorch } from './against-torch'
import { data } from './data'
import { datasets } from './datasets'
import { designer } from './designer'
import { live } from './live'
import { nearCopies } from './near-copies'
import { pages } from './pages'
import { spectra } from './spectra'
import { recorder } from './recorder'
import { prepareTorch, type TorchEnvironment } from './torch'

/**
 * `npm run bench -- [--rounds 5] [--only TEXT] [--python FILE] [--peer FILE] [--store DIR] [--images FILE] [--app DIR]`: speed and memory as ratios, measured in alternation.
 * Prints one JSON object a figure: name, value, unit, and peer, ratio where there is a peer. --only takes the figures whose
 * name holds the text: step, memory, recorder, norms, recomputation, depth, limits, data, pages, designer, datasets, copies, spectra, live, app. --peer names another program that takes
 * peer.py's options, --store a data folder for the pages' figures that is kept from one call to the next, --images a set as `datasets export` writes
 * it, to plant copies in, --app an unpacked app that was made before.
 */

const root = path.resolve(__dirname, '../..')

runTool(async () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', default: '' },
      python: { type: 'string' },
      peer: { type: 'string' },
      store: { type: 'string' },
      images: { type: 'string' },
      app: { type: 'string' },
    },
  })
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1) throw new UserError(`--rounds ${values.rounds} is not a whole number from 1 up`)
  const peerFile = path.resolve(values.peer ?? path.join(__dirname, 'peer.py'))
  if (!existsSync(peerFile)) throw new UserError('there is no such program', { place: peerFile })
  await prepareTensorflow(path.join(root, 'node_modules'))
  let environment: Promise<TorchEnvironment> | undefined
  const torch = (): Promise<TorchEnvironment> =>
    (environment ??= values.python ? Promise.resolve({ python: values.python, env: process.env }) : prepareTorch())
  // `data` is the beginning of `datasets`.
  const wanted = (name: string): boolean => (values.only === 'data' ? name === 'data' : name.includes(values.only))
  await againstTorch(rounds, wanted, torch, peerFile)
  await recorder(rounds, wanted, torch)
  await spectra(rounds, wanted, torch)
  await live(rounds, wanted)
  await choices(rounds, wanted)
  await depth(rounds, wanted)
  await limits(wanted)
  await data(rounds, wanted)
  await pages(wanted, values.store)
  await designer(wanted)
  await datasets(wanted)
  await app(rounds, wanted, values.app && path.resolve(values.app))
  await nearCopies(wanted, values.images && path.resolve(values.images))
})
