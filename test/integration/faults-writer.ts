import { Configuration } from '../../shared/configuration'
import { networkFromPreset } from '../../shared/architecture/resolve'
import { Store } from '../../main/store/store'

/** Writes bundles of steps until it is killed; says after each commit which step is stored. Run by faults-store.test.ts. */
const store = new Store(process.argv[2]!)
const configuration = Configuration.parse({ network: networkFromPreset('plain:blocks=1') })
const run = store.runs.create({
  name: 'victim',
  configuration,
  units: [],
  parameters: 1,
  versions: {},
  owner: null,
  ownerPid: null,
})
for (let next = 1; ;) {
  const bundle = Array.from({ length: 1 + (next % 7) }, (_, i) => {
    const step = next + i
    return { step, epoch: 1, loss: step, accuracy: 0, rate: 0.1, ms: 1, norms: new Float32Array(300).fill(step) }
  })
  store.append(run, bundle, [])
  next += bundle.length
  process.stdout.write(`${next - 1}\n`)
}
