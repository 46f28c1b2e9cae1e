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
  ['go.settings', 'Settings', ['Ctrl+8'], { keywords: 'preferences theme doctor about queue' }],
])

/** What is there on every page. */
export const shellCommands = [
  ...commandsOf('File', 'everywhere', [
    ['run.new', 'New run', ['Ctrl+N'], { keywords: 'train start' }],
    ['experiment.new', 'New experiment', [], { keywords: 'sweep seeds plan' }],
    ['network.new', 'New network', [], { keywords: 'draw design empty canvas' }],
    ['runs.import', 'Import a run…', [], { keywords: 'bundle take in' }],
    ['file.open', 'Open…', ['Ctrl+O'], { needs: 'window', keywords: 'network document bundle data set import' }],
    ['window.new', 'New window', ['Ctrl+Shift+N'], { needs: 'window' }],
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
  ]),
  ...placeCommands,
  ...commandsOf('Go', 'everywhere', [['go.deleted-runs', 'Deleted runs', [], { keywords: 'bin restore undo' }]]),
  ...commandsOf('Help', 'everywhere', [
    ['help.here', 'Guide to this page', ['F1'], { keywords: 'help manual documentation' }],
    ['help.keys', 'List of keys', ['?'], { keywords: 'shortcuts keyboard bindings' }],
  ]),
]

/** What is done with the data set whose page is open. */
export const datasetCommands = commandsOf('Data', 'dataset', [
  ['dataset.train', 'Train on it', [], { keywords: 'new run' }],
  ['dataset.prepare', 'Prepare another set of it…', [], { keywords: 'recipe copy' }],
  ['dataset.checks', 'Look for faults in it', [], { keywords: 'checks copies labels' }],
  ['dataset.verify', 'Check its file', [], { keywords: 'hash verify' }],
  ['dataset.take', 'Export it', [], { keywords: 'save file' }],
])

/** What is done with the run whose page is open. */
export const runCommands = [
  ...commandsOf('Run', 'run', [
    ['run.pause', 'Pause or resume', ['Space'], { keywords: 'go on continue halt' }],
    ['run.stop', 'Stop', ['Ctrl+.'], { keywords: 'end cancel' }],
    ['run.skip-test', 'Skip the rest of this test', [], { keywords: 'evaluation' }],
    ['run.next', 'Train it next', [], { keywords: 'queue first before' }],
    ['run.more', 'More epochs…', [], { keywords: 'longer prolong' }],
    ['run.clone', 'Clone…', [], { keywords: 'again copy settings' }],
    ['run.compare', 'Compare it with others', [], { keywords: 'side by side' }],
    ['run.spectra', 'Spectra of its network', [], { keywords: 'singular values' }],
    ['run.take-bundle', 'Export as a bundle', [], { keywords: 'save file weights' }],
    ['run.take-csv', 'Export as CSV', [], { keywords: 'save file table' }],
    ['run.take-json', 'Export as JSON', [], { keywords: 'save file' }],
  ]),
  ...commandsOf('Run', 'new-run', [['run.start', 'Start the run', ['Ctrl+Enter'], { keywords: 'train begin' }]]),
]
