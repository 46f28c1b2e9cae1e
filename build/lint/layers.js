const path = require('node:path')

/**
 * The layer rule: which folder may import what. The first line whose `files` fits a file decides. `imports` are folders of the
 * tree, `packages` are npm packages and Node's own modules (`node:`); `*` means any.
 */
const LAYERS = [
  { files: 'shared', imports: ['shared'], packages: ['zod'] },
  { files: 'renderer', imports: ['renderer', 'shared'], packages: '*', except: ['electron', 'node:', 'libsql'] },
  {
    files: 'main/engine/graph',
    imports: ['main/engine', 'main/resources', 'shared'],
    packages: '*',
    except: ['electron', 'libsql'],
  },
  {
    files: 'main/engine',
    imports: ['main/engine', 'main/datasets', 'main/store', 'main/formats', 'main/files', 'main/resources', 'shared'],
    packages: '*',
    except: ['electron'],
  },
  {
    files: 'main/datasets',
    imports: ['main/datasets', 'main/engine', 'main/store', 'main/formats', 'main/files', 'main/resources', 'shared'],
    packages: '*',
    except: ['electron'],
  },
  { files: 'main/formats', imports: ['main/formats', 'main/files', 'shared'], packages: '*', except: ['electron'] },
  { files: 'main/files', imports: ['main/files', 'shared'], packages: ['node:'] },
  {
    files: 'main/store',
    imports: ['main/store', 'main/formats', 'main/files', 'main/resources', 'shared'],
    packages: '*',
    except: ['electron'],
  },
  {
    files: 'main/places',
    imports: ['main/places', 'main/formats', 'main/files', 'shared'],
    packages: ['node:', 'ws', 'zod'],
  },
  {
    files: 'main/lab',
    imports: [
      'main/lab',
      'main/places',
      'main/store',
      'main/datasets',
      'main/engine',
      'main/formats',
      'main/files',
      'main/resources',
      'shared',
    ],
    packages: '*',
    except: ['electron'],
  },
  { files: 'main', imports: ['main', 'shared'], packages: '*' },
]

/**
 * Rooms of a floor, from the ground up: each takes from those before it and from none behind it, so that no two rooms need each other. Files that lie in no room are
 * the floor's own: all of `shared` may take from those of `shared`, and nothing of `renderer` from those of `renderer`, which put the rooms together.
 */
const ROOMS = {
  shared: {
    rooms: [
      'statistics',
      'norms',
      'ops',
      'measures',
      'datasets',
      'optimisers',
      'penalties',
      'schedules',
      'settings',
      'lab-settings',
      'architecture',
      'spectra',
      'search',
      'experiments',
      'places',
      'report',
      'commands',
      'api',
    ],
    // Nothing is left of a type when the program runs, and what a request carries has its type from the API.
    typesAreFree: true,
    ownIsOpen: true,
  },
  renderer: {
    rooms: [
      ...['theme', 'ui', 'commands', 'lab', 'charts', 'setting-fields', 'run-list', 'tour', 'help', 'palette'],
      ...['designer', 'datasets', 'spectra', 'runs', 'compare', 'experiments', 'new-run', 'settings', 'report', 'shell'],
    ],
    typesAreFree: false,
    ownIsOpen: false,
  },
}

const root = path.resolve(__dirname, '../..')
const isWithin = (file, folder) => file === folder || file.startsWith(folder + '/')

/** The room of a file or folder, such as `charts` of `renderer/charts/axis.ts`; undefined for a file of the floor itself. */
function roomOf(target, isFile) {
  const [, room, ...rest] = target.split('/')
  return rest.length > 0 || !isFile ? room : undefined
}

/** Why a file of a floor with rooms may not import `target`, or undefined where it may. */
function roomComplaint(file, target, isType) {
  const [floor] = file.split('/')
  const plan = ROOMS[floor]
  if (!plan || !isWithin(target, floor) || (isType && plan.typesAreFree)) return undefined
  const from = roomOf(file, true)
  if (from === undefined) return undefined
  const place = plan.rooms.indexOf(from)
  if (place < 0) return `${floor}/${from} is a room that build/lint/layers.js does not know: put it where it belongs among ROOMS`
  const name = roomOf(target, true) ?? (plan.rooms.includes(target.split('/')[1]) ? target.split('/')[1] : undefined)
  if (name === undefined)
    return plan.ownIsOpen ? undefined : `${floor}/${from} may not import ${target}, which puts the rooms together`
  const other = plan.rooms.indexOf(name)
  return other <= place ? undefined : `${floor}/${from} may not import from ${floor}/${name}: that room stands above it`
}

/** Why `file` may not import `source`, or undefined where it may. Both are relative to the root, with slashes. */
function complaint(file, source, isType = false) {
  const layer = LAYERS.find(({ files }) => isWithin(file, files))
  if (!layer) return undefined
  if (source.startsWith('.')) {
    const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), source))
    const allowed = layer.imports.some((folder) => isWithin(target, folder) || isWithin(target.replace(/\.[^./]+$/, ''), folder))
    if (allowed) return roomComplaint(file, target, isType)
    return `${layer.files} may import from ${layer.imports.join(', ')}, not ${target}`
  }
  const name = require('node:module').builtinModules.includes(source) ? `node:${source}` : source
  const matches = (entry) => name === entry || name.startsWith(entry.endsWith(':') ? entry : entry + '/')
  const allowed = layer.packages === '*' ? !layer.except?.some(matches) : layer.packages.some(matches)
  return allowed ? undefined : `${layer.files} may not import ${source}`
}

const rule = {
  meta: { type: 'problem', schema: [], messages: { layer: '{{complaint}}' } },
  create(context) {
    const file = path.relative(root, context.filename).split(path.sep).join('/')
    const check = (node, isType = false) => {
      if (typeof node?.value !== 'string') return
      const found = complaint(file, node.value, isType)
      if (found) context.report({ node, messageId: 'layer', data: { complaint: found } })
    }
    return {
      ImportDeclaration: (node) => check(node.source, node.importKind === 'type'),
      ExportNamedDeclaration: (node) => check(node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      CallExpression: (node) => node.callee.name === 'require' && check(node.arguments[0]),
    }
  },
}

module.exports = { rules: { layers: rule }, complaint }
