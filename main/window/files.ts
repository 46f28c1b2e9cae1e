import path from 'node:path'
import { app, dialog, type BrowserWindow } from 'electron'
import type { z } from 'zod'
import {
  DATASET_FORMAT,
  DIAGNOSTICS_FILE,
  type FileRequest,
  RUN_FORMATS,
  WEIGHTS_FORMAT,
  datasetFileName,
  fileName,
  networkFileName,
  weightsFileName,
} from '../../shared/run-files'
import { writeFile } from '../files/write-file'
import { NETWORK_FORMS } from '../../shared/network-forms'
import { type OpenLab, weightsName, weightsTakenIn } from '../lab'
import { answerCall, sentenceOf } from './channels'
import { takeReport } from './report'

type Asked = z.output<typeof FileRequest>

/**
 * Takes runs and weights away to files and brings them in, where the person says so in the system's own dialog. Answers the page with a
 * sentence, or null where the dialog was left.
 */
export function offerFiles(lab: OpenLab): void {
  answerCall('files', async (window, asked) => {
    try {
      return await answer(window, lab, asked)
    } catch (error) {
      return sentenceOf(error, lab.log)
    }
  })
}

function answer(window: BrowserWindow, lab: OpenLab, asked: Asked): Promise<string | null> {
  switch (asked.kind) {
    case 'export':
      return takeAway(window, lab, asked)
    case 'import':
      return bringIn(window, lab)
    case 'export-weights':
      return takeWeights(window, lab, asked)
    case 'export-network':
      return takeNetwork(window, lab, asked)
    case 'import-weights':
      return bringWeights(window, lab, asked)
    case 'export-report':
      return takeReport(window, lab, asked)
    case 'export-diagnostics':
      return takeDiagnostics(window, lab)
    case 'export-dataset':
      return takeDataset(window, lab, asked)
  }
}

async function takeAway(
  window: BrowserWindow,
  lab: OpenLab,
  { runs, format }: Extract<Asked, { kind: 'export' }>,
): Promise<string | null> {
  const names = new Map<number, string>()
  for (const run of runs) names.set(run, fileName(run, (await lab.request('runs.show', { run })).name, format))
  const documents = app.getPath('documents')
  if (runs.length === 1) {
    const { filePath } = await dialog.showSaveDialog(window, {
      defaultPath: path.join(documents, names.get(runs[0]!)!),
      filters: [{ name: 'Run', extensions: [RUN_FORMATS[format]] }],
    })
    if (!filePath) return null
    await lab.request('runs.export', { run: runs[0]!, out: filePath, format })
    return `Written to ${filePath}.`
  }
  const { filePaths } = await dialog.showOpenDialog(window, {
    defaultPath: documents,
    buttonLabel: 'Write here',
    properties: ['openDirectory', 'createDirectory'],
  })
  const folder = filePaths[0]
  if (folder === undefined) return null
  for (const [run, name] of names) await lab.request('runs.export', { run, out: path.join(folder, name), format })
  return `${runs.length} files written to ${folder}.`
}

async function bringIn(window: BrowserWindow, lab: OpenLab): Promise<string | null> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    // Event files of TensorBoard's have no ending of their own.
    filters: [
      { name: 'Run: a bundle or event files', extensions: ['*'] },
      { name: 'Bundle of a run', extensions: [RUN_FORMATS.bundle] },
    ],
    properties: ['openFile', 'multiSelections'],
  })
  if (filePaths.length === 0) return null
  const brought: string[] = []
  for (const file of filePaths) {
    const { id, name } = await lab.request('runs.import', { file })
    brought.push(`${name} as run ${id}`)
  }
  return `Taken in: ${brought.join(', ')}.`
}

const WEIGHTS_FILTERS = [{ name: 'Weights', extensions: [WEIGHTS_FORMAT] }]

async function takeWeights(
  window: BrowserWindow,
  lab: OpenLab,
  { from }: Extract<Asked, { kind: 'export-weights' }>,
): Promise<string | null> {
  const name = weightsFileName(await weightsName(lab, from))
  const { filePath } = await dialog.showSaveDialog(window, {
    defaultPath: path.join(app.getPath('documents'), name),
    filters: WEIGHTS_FILTERS,
  })
  if (!filePath) return null
  const { parameters } = await lab.request('weights.export', { from, out: filePath })
  return `${parameters.toLocaleString('en-US')} parameters written to ${filePath}.`
}

async function takeNetwork(
  window: BrowserWindow,
  lab: OpenLab,
  { item, form }: Extract<Asked, { kind: 'export-network' }>,
): Promise<string | null> {
  const { title, ending } = NETWORK_FORMS[form]
  const { filePath } = await dialog.showSaveDialog(window, {
    defaultPath: path.join(app.getPath('documents'), networkFileName(await weightsName(lab, { item }), form)),
    filters: [{ name: title, extensions: [ending.replace(/^.*\./, '')] }],
  })
  if (!filePath) return null
  const { parameters, notes } = await lab.request('library.write', { from: { item }, form, out: filePath })
  return [`${parameters.toLocaleString('en-US')} parameters written to ${filePath}.`, ...notes].join('\n')
}

async function bringWeights(
  window: BrowserWindow,
  lab: OpenLab,
  { item }: Extract<Asked, { kind: 'import-weights' }>,
): Promise<string | null> {
  const { filePaths } = await dialog.showOpenDialog(window, { filters: WEIGHTS_FILTERS, properties: ['openFile'] })
  const [file] = filePaths
  return file === undefined ? null : weightsTakenIn(await lab.request('weights.import', { item, file }))
}

/** They are collected while the place is chosen. */
async function takeDiagnostics(window: BrowserWindow, lab: OpenLab): Promise<string | null> {
  const collected = lab.request('lab.diagnostics', {})
  // Heard of where the place is chosen.
  collected.catch(() => undefined)
  const { filePath } = await dialog.showSaveDialog(window, {
    defaultPath: path.join(app.getPath('documents'), DIAGNOSTICS_FILE),
    filters: [{ name: 'Text', extensions: ['txt'] }],
  })
  if (!filePath) return null
  const { text } = await collected
  writeFile(filePath, text)
  return `Written to ${filePath}. Read it before you send it.`
}

async function takeDataset(
  window: BrowserWindow,
  lab: OpenLab,
  { name }: Extract<Asked, { kind: 'export-dataset' }>,
): Promise<string | null> {
  const { filePath } = await dialog.showSaveDialog(window, {
    defaultPath: path.join(app.getPath('documents'), datasetFileName(name)),
    filters: [{ name: 'Data set', extensions: [DATASET_FORMAT] }],
  })
  if (!filePath) return null
  const { images } = await lab.start('datasets.export', { name, out: filePath }).result
  return `${images.toLocaleString('en-US')} images written to ${filePath}.`
}
