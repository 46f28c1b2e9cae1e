import { commandsOf } from './command'

/** The places of the rail, in its order; Ctrl+1, Ctrl+2, … go there. */
export const placeCommands = commandsOf('Go', 'everywhere', [
  ['go.design', 'Design', ['Ctrl+1'], { keywords: 'networks library designer draw' }],
  ['go.data', 'Data', ['Ctrl+2'], { keywords: 'data sets images import' }],
  ['go.runs', 'Runs', ['Ctrl+3'], { keywords: 'training table list' }],
  ['go.experiments', 'Experiments', ['Ctrl+4'], { keywords: 'sweep seeds claims' }],
  ['go.compare', 'Compare', ['Ctrl+5'], { keywords: 'side by side difference' }],
  ['go.spectra', 'Spectra', ['Ctrl+6'], { keywords: 'singular values operators norms' }],
  ['go.new-run', 'New run', ['Ctrl+7'], { keywords: 'train start' }],
  ['go.settings', 'Settings', ['Ctrl+8', 'Ctrl+,'], { keywords: 'preferences theme doctor about queue' }],
])

/** What is there on every page. */
export const shellCommands = [
  ...commandsOf('File', 'everywhere', [
    ['run.new', 'New run', ['Ctrl+N'], { keywords: 'train start' }],
    ['experiment.new', 'New experiment', [], { keywords: 'sweep seeds plan' }],
    ['search.new', 'New search', [], { keywords: 'tune hyperparameters sobol bayes random halving' }],
    ['network.new', 'New network', [], { keywords: 'draw design empty canvas' }],
    ['runs.import', 'Import a run…', [], { keywords: 'bundle take in' }],
    ['file.open', 'Open…', ['Ctrl+O'], { needs: 'window', keywords: 'network document bundle data set import' }],
    ['window.new', 'New window', ['Ctrl+Shift+N'], { needs: 'window' }],
    ['window.close', 'Close window', ['Ctrl+W'], { needs: 'window' }],
    ['window.quit', 'Quit', ['Ctrl+Q'], { needs: 'window', keywords: 'exit close end' }],
  ]),
  ...commandsOf('Window', 'everywhere', [
    ['palette.open', 'Find and do…', ['Ctrl+K', 'Ctrl+Shift+P'], { keywords: 'command palette search' }],
    ['theme.system', 'Theme: as the system', [], { keywords: 'colours appearance' }],
    ['theme.light', 'Theme: light', [], { keywords: 'colours appearance bright' }],
    ['theme.dark', 'Theme: dark', [], { keywords: 'colours appearance night' }],
    ['zoom.in', 'Larger', ['Ctrl+=', 'Ctrl++'], { needs: 'window', repeats: true, keywords: 'zoom in' }],
    ['zoom.out', 'Smaller', ['Ctrl+-'], { needs: 'window', repeats: true, keywords: 'zoom out' }],
    ['zoom.reset', 'Actual size', ['Ctrl+0'], { needs: 'window', keywords: 'zoom 100 %' }],
    ['window.full-screen', 'Full screen, or no longer', ['F11'], { needs: 'window', keywords: 'fullscreen whole monitor' }],
  ]),
  ...placeCommands,
  ...commandsOf('Go', 'everywhere', [
    ['go.deleted-runs', 'Deleted runs', [], { keywords: 'bin restore undo' }],
    ['go.disk', 'Disk use', [], { keywords: 'room space clean up backup restore move data folder checkpoints bytes' }],
  ]),
  ...commandsOf('Help', 'everywhere', [
    ['help.here', 'Guide to this page', ['F1'], { keywords: 'help manual documentation' }],
    ['help.diagnostics', 'Diagnostics…', [], { keywords: 'bundle log redacted support problem report' }],
    ['help.doctor', 'Look whether all is there', [], { keywords: 'doctor checks settings' }],
    ['selftest.run', 'Test whether NormLab works here', [], { keywords: 'self-test golden check settings' }],
    ['selftest.repair', 'Repair NormLab', [], { keywords: 'self-test engine store mend settings' }],
    ['cluster.keep', 'Keep and check the cluster', [], { keywords: 'slurm ssh profile settings' }],
    ['cluster.forget', 'Forget the cluster', [], { keywords: 'slurm profile remove settings' }],
    ['engine.install', 'Install an engine from a file…', [], { keywords: 'gpu pack settings' }],
    ['machine.measure', 'Measure the machine', [], { keywords: 'limits flops share speed' }],
    ['help.tour', 'Take the tour', [], { keywords: 'first start example introduction two minutes' }],
    ['help.about', 'About NormLab', [], { keywords: 'version electron licence' }],
    ['help.keys', 'List of keys', ['?'], { keywords: 'shortcuts keyboard bindings' }],
  ]),
]

/** What is done in the tour. */
export const tourCommands = commandsOf('Help', 'everywhere', [
  ['tour.next', 'Tour: on', [], { keywords: 'next step' }],
  ['tour.back', 'Tour: back', [], { keywords: 'step before' }],
  ['tour.leave', 'Leave the tour', [], { keywords: 'end close' }],
])

/** What is done with the data set whose page is open. */
export const datasetCommands = commandsOf('Data', 'dataset', [
  ['dataset.train', 'Train on it', [], { keywords: 'new run' }],
  ['dataset.prepare', 'Prepare another set of it…', [], { keywords: 'recipe copy' }],
  ['dataset.checks', 'Look for faults in it', [], { keywords: 'checks copies labels' }],
  ['dataset.verify', 'Check its file', [], { keywords: 'hash verify' }],
  ['dataset.take', 'Export it', [], { keywords: 'save file' }],
  ['dataset.check', 'Check the set', [], { keywords: 'again copies faults' }],
  ['dataset.labels', 'Look for label errors', [], { keywords: 'wrong classes confident learning' }],
  ['dataset.repair', 'Make a repaired set…', [], { keywords: 'without copies leave out' }],
  ['dataset.delete', 'Delete the data set', [], { keywords: 'remove bin' }],
])

/** What is done with the run whose page is open. */
export const runCommands = [
  ...commandsOf('Run', 'run', [
    ['run.pause', 'Pause or resume', ['Space'], { keywords: 'go on continue halt' }],
    ['run.stop', 'Stop', ['Ctrl+.'], { keywords: 'end cancel' }],
    ['run.skip-test', 'Skip the rest of this test', [], { keywords: 'evaluation' }],
    ['run.next', 'Train it next', [], { keywords: 'queue first before' }],
    ['run.more', 'More epochs…', [], { keywords: 'longer prolong' }],
    ['run.rename', 'Rename the run', ['F2'], { keywords: 'name title' }],
    ['run.annotate', 'Annotate this moment…', [], { keywords: 'note word remark' }],
    ['run.newest', 'Show the newest moment', [], { keywords: 'live end last' }],
    ['run.before', 'Show the moment before', [], { keywords: 'epoch step back previous' }],
    ['run.after', 'Show the moment after', [], { keywords: 'epoch step forward next' }],
    ['run.test', 'Test it: what each class is taken for', [], { keywords: 'confusion matrix accuracy evaluate' }],
    ['run.jacobians', 'Measure the Jacobians of its units', [], { keywords: 'theory bound singular' }],
    ['run.delete', 'Delete the run', [], { keywords: 'remove bin' }],
    ['run.clone', 'Clone…', [], { keywords: 'again copy settings' }],
    ['run.compare', 'Compare it with others', [], { keywords: 'side by side' }],
    ['run.network', 'Open its network', [], { keywords: 'designer draw layers' }],
    ['run.spectra', 'Spectra of its network', [], { keywords: 'singular values' }],
    ['run.take-tensorboard', 'Export for TensorBoard', [], { keywords: 'save file tfevents events' }],
    ['run.take-bundle', 'Export as a bundle', [], { keywords: 'save file weights' }],
    ['run.take-csv', 'Export as CSV', [], { keywords: 'save file table' }],
    ['run.take-json', 'Export as JSON', [], { keywords: 'save file' }],
  ]),
  ...commandsOf('Run', 'new-run', [
    ['run.start', 'Start the run', ['Ctrl+Enter'], { keywords: 'train begin' }],
    ['run.measure', 'Measure a step', [], { keywords: 'time estimate speed' }],
    ['run.start-over', 'Start the form over', [], { keywords: 'reset draft' }],
  ]),
]
