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
    files: 'main/lab',
    imports: ['main/lab', 'main/store', 'main/datasets', 'main/engine', 'main/formats', 'main/files', 'main/resources', 'shared'],
    packages: '*',
    except: ['electron'],
  },
  { files: 'main', imports: ['main', 'shared'], packages: '*' },
]

const root = path.resolve(__dirname, '../..')
const isWithin = (file, folder) => file === folder || file.startsWith(folder + '/')

/** Why `file` may not import `source`, or undefined where it may. Both are relative to the root, with slashes. */
function complaint(file, source) {
  const layer = LAYERS.find(({ files }) => isWithin(file, files))
  if (!layer) return undefined
  if (source.startsWith('.')) {
    const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), source))
    const allowed = layer.imports.some((folder) => isWithin(target, folder) || isWithin(target.replace(/\.[^./]+$/, ''), folder))
    return allowed ? undefined : `${layer.files} may import from ${layer.imports.join(', ')}, not ${target}`
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
    const check = (node) => {
      if (typeof node?.value !== 'string') return
      const found = complaint(file, node.value)
      if (found) context.report({ node, messageId: 'layer', data: { complaint: found } })
    }
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      CallExpression: (node) => node.callee.name === 'require' && check(node.arguments[0]),
    }
  },
}

module.exports = { rules: { layers: rule }, complaint }
