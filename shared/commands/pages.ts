import { commandsOf } from './command'

/** What is done in the list of runs; with marked runs where it says so. */
const runListCommands = commandsOf('Run', 'runs', [
  ['runs.filter', 'Filter the runs', [], { keywords: 'search find' }],
  ['runs.mark-all', 'Mark all runs shown, or none', [], { keywords: 'select check every' }],
  ['runs.compare', 'Compare the marked runs', [], { keywords: 'side by side' }],
  ['runs.star', 'Star the marked runs, or no longer', [], { keywords: 'favourite' }],
  ['runs.pin', 'Pin the marked runs, or no longer', [], { keywords: 'top' }],
  ['runs.archive', 'Archive the marked runs, or no longer', [], { keywords: 'put away hide' }],
  ['runs.tag', 'Tag the marked runs', [], { keywords: 'label word' }],
  ['runs.stop', 'Stop the marked runs', [], { keywords: 'end cancel' }],
  ['runs.resume', 'Resume the marked runs', [], { keywords: 'go on continue' }],
  ['runs.delete', 'Delete the marked runs', [], { keywords: 'remove bin' }],
  ['runs.clear', 'Mark no run any more', [], { keywords: 'unmark deselect' }],
  ['runs.columns', 'Columns of the table', [], { keywords: 'measures settings choose' }],
  ['deleted.restore', 'Restore all deleted runs', [], { keywords: 'undo bring back' }],
  ['deleted.purge', 'Delete all deleted runs for good', [], { keywords: 'empty bin purge' }],
])

/** What is taken away of the runs, the comparison or the experiment on the page. */
const reportCommands = commandsOf('File', 'everywhere', [
  ['report.html', 'Report as HTML', [], { keywords: 'export save file paper methods' }],
  ['report.pdf', 'Report as PDF', [], { keywords: 'export save file print' }],
])

const compareCommands = commandsOf('Run', 'compare', [
  ['compare.add', 'Add a run to the comparison', [], { keywords: 'choose' }],
  ['compare.name', 'Name the comparison', [], { keywords: 'keep layout' }],
  ['compare.keep', 'Keep the comparison', [], { keywords: 'save layout' }],
  ['compare.forget', 'Delete the kept comparison', [], { keywords: 'remove layout' }],
])

const experimentCommands = commandsOf('Run', 'experiment', [
  ['experiment.resume', 'Resume the experiment', [], { keywords: 'go on continue missing' }],
  ['experiment.stop', 'Stop the experiment', [], { keywords: 'end cancel' }],
  ['experiment.extend', 'Add to the experiment…', [], { keywords: 'more seeds axes' }],
  ['experiment.trials', 'Add trials to the search', [], { keywords: 'more sobol bayes random halving tune hyperparameters' }],
  ['experiment.compare', 'Compare the experiment’s runs', [], { keywords: 'side by side' }],
  [
    'experiment.figures',
    'Measure what the experiment’s verdict needs',
    [],
    { keywords: 'singular jacobian depth moved activations' },
  ],
  ['experiment.start', 'Start the planned runs', [], { keywords: 'train begin' }],
  ['experiment.axis', 'Add an axis', [], { keywords: 'sweep variable' }],
  ['search.start', 'Start the search', [], { keywords: 'train begin trials' }],
  ['search.setting', 'Add a setting to search', [], { keywords: 'axis space variable' }],
])

const dataCommands = commandsOf('Data', 'data', [
  ['data.folder', 'Import a folder…', [], { keywords: 'data set pictures images classes' }],
  ['data.files', 'Import files or an archive…', [], { keywords: 'data set zip tar npz csv parquet idx' }],
  ['data.make', 'Make a data set…', [], { keywords: 'program generated create' }],
])

const libraryCommands = commandsOf('Build', 'library', [
  ['library.import', 'Import networks…', [], { keywords: 'json document block' }],
  ['library.onnx', 'Import a network from ONNX, Keras or PyTorch…', [], { keywords: 'torch fx weights foreign' }],
  ['library.search', 'Search your networks', [], { keywords: 'filter find' }],
])

const exchangeCommands = commandsOf('Build', 'designer', [
  ['network.versions', 'Versions of the network…', [], { keywords: 'history compare' }],
  ['network.json', 'Export the network as JSON', [], { keywords: 'save file document' }],
  ['network.svg', 'Export its picture as SVG', [], { keywords: 'save file drawing paper' }],
  ['network.png', 'Export its picture as PNG', [], { keywords: 'save file drawing image' }],
  ['network.initial', 'Export its initial weights', [], { keywords: 'save file safetensors seed' }],
  ['network.weights', 'Export its weights', [], { keywords: 'save file safetensors trained' }],
  ['network.torch', 'Export the network as PyTorch’s source', [], { keywords: 'save file python program module' }],
  ['network.keras-source', 'Export the network as Keras’s source', [], { keywords: 'save file python program' }],
  ['network.keras', 'Export the network with its weights for Keras', [], { keywords: 'save file model' }],
  ['network.keras-weights', 'Export its weights for Keras’s source', [], { keywords: 'save file h5 hdf5' }],
  ['network.onnx', 'Export the network as ONNX', [], { keywords: 'save file weights runtime' }],
  ['network.torch-weights', 'Export its weights for PyTorch', [], { keywords: 'save file state dict safetensors' }],
  ['network.bring', 'Bring weights in…', [], { keywords: 'import safetensors' }],
  ['network.measure', 'Measure the ratios at initialisation', [], { keywords: 'gradient norms' }],
  ['network.problems', 'Show the problems', [], { keywords: 'errors warnings' }],
])

const diskCommands = commandsOf('File', 'settings', [
  ['disk.free', 'Give spare checkpoints back', [], { keywords: 'disk clean up room space' }],
  ['disk.delete', 'Delete the marked runs (disk)', [], { keywords: 'remove bin room' }],
  ['disk.caches', 'Empty the caches', [], { keywords: 'disk clean up jacobians spectra' }],
  ['disk.backup', 'Back up the data folder…', [], { keywords: 'save copy tar' }],
  ['disk.restore', 'Restore a backup…', [], { keywords: 'data folder bring back tar' }],
  ['disk.move', 'Move the data folder…', [], { keywords: 'place disk copy elsewhere' }],
  ['disk.other', 'Use another data folder…', [], { keywords: 'open switch home' }],
  ['disk.check', 'Check the store', [], { keywords: 'integrity damage whole database' }],
])

const spectraCommands = commandsOf('Run', 'spectra', [
  ['spectra.change', 'Change the layer…', [], { keywords: 'project clip kernel singular' }],
  ['spectra.again', 'Take the singular values again', [], { keywords: 'retry begin' }],
])

/** What is done on the pages beside those of one run, one data set and the designer. */
export const pageCommands = [
  ...runListCommands,
  ...reportCommands,
  ...compareCommands,
  ...experimentCommands,
  ...dataCommands,
  ...libraryCommands,
  ...exchangeCommands,
  ...diskCommands,
  ...spectraCommands,
]
