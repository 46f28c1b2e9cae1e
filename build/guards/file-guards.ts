import type { Guard } from './guard'

const PACKS = 'test/unit/engine/packs/packs.test.ts'
const ARCHIVES = 'test/integration/datasets/import.test.ts'
const HOSTILE_NETWORKS = 'test/unit/formats/onnx-hostile.test.ts'
const TOO_LARGE = 'test/unit/engine/too-large.test.ts'
const FUTURE = 'refuses a store from the future'

/** Of files from elsewhere. */
export const FILE_GUARDS: readonly Guard[] = [
  {
    name: 'the hash of a wheel in an engine pack',
    file: 'main/engine/packs/install.ts',
    undone: [["if (hash.digest('hex') !== wheel.sha256)", 'if (false)']],
    test: [PACKS, 'is changed in a byte'],
  },
  {
    name: 'the wheels that are known',
    file: 'main/engine/packs/format.ts',
    undone: [['if (mine.length !== wheels.length || !mine.every(isMine))', 'if (false)']],
    test: [PACKS, 'has other wheels'],
  },
  {
    name: 'what a package index gives',
    file: 'main/engine/packs/package-index.ts',
    undone: [['if (bytes !== wheel.bytes || hash !== wheel.sha256)', 'if (false)']],
    test: [PACKS, 'uses nothing of what is', 'something else'],
  },
  {
    name: 'more than a package index should give',
    file: 'main/engine/packs/package-index.ts',
    undone: [['if (bytes !== wheel.bytes || hash !== wheel.sha256)', 'if (false)']],
    test: [PACKS, 'uses nothing of what is', 'more than it should'],
  },
  {
    name: 'an installed engine’s files',
    file: 'main/engine/packs/installed.ts',
    undone: [["if (hash.digest('hex') !== sha256) return", "if (hash.digest('hex') === '') return"]],
    test: [PACKS, 'is read through, and a changed byte found'],
  },
  {
    name: 'a zip that unpacks to too much',
    file: 'main/formats/trees/zip-tree.ts',
    undone: [['if (unpacked > ratio * Math.max(zip.fileSize, 2 ** 20)) throw bomb(file, limit)', '']],
    test: ['test/unit/engine/weights-in.test.ts', 'a zip of weights that unpacks to far more than it is'],
  },
  {
    name: 'a path that leads out of an archive',
    file: 'main/formats/trees/file-tree.ts',
    undone: [["if (kept.includes('..')) return { why: 'its path leads out of the archive' }", '']],
    test: [ARCHIVES, 'reads names in the code page of old PCs'],
  },
  {
    name: 'a check sum in a zip',
    file: 'main/formats/trees/zip-tree.ts',
    undone: [
      ['if (crc32(bytes) !== entry.crc32)', 'if (false)'],
      ['if (sum.value !== entry.crc32)', 'if (false)'],
    ],
    test: [ARCHIVES, 'refuses', 'flipped.zip'],
  },
  {
    name: 'weights beside a network’s file',
    file: 'main/formats/onnx/beside.ts',
    undone: [
      ["if (location === '' || path.isAbsolute(location) || !inside(target))", 'if (false)'],
      ['if (!inside(realpathSync(target)))', 'if (false)'],
    ],
    test: ['test/unit/formats/onnx.test.ts', 'takes weights from a file beside it, and from nowhere else'],
  },
  {
    name: 'how much a network’s file may ask for',
    file: 'main/engine/foreign/take.ts',
    undone: [['    checkSize(wanted, called, bytes)\n', '']],
    test: [HOSTILE_NETWORKS, 'whose layers share one matrix'],
  },
  {
    name: 'two values of one name in a network’s file',
    file: 'main/formats/onnx/read.ts',
    undone: [['if (twice !== undefined)', 'if (false)']],
    test: [HOSTILE_NETWORKS, 'with two values of one name'],
  },
  {
    name: 'operations of a graph',
    file: 'main/engine/graph/node-graph.ts',
    undone: [['if (this.nodes.length >= MOST_NODES) throw tooMany(this.scope)', '']],
    test: [TOO_LARGE, 'has one sentence where its passes'],
  },
  {
    name: 'numbers of a network beside the machine’s memory',
    file: 'main/engine/graph/layout.ts',
    undone: [['if (4 * length <= memory) return', 'return']],
    test: [TOO_LARGE, 'has one sentence with its largest tensor'],
  },
  {
    name: 'names in a backup',
    file: 'main/store/restore.ts',
    undone: [["type !== 'file' || !isBackupName(name) || name in found", 'name in found']],
    test: ['test/unit/store/backup.test.ts', 'with “', '../evil'],
  },
  {
    name: 'a store from the future',
    file: 'main/store/schema.ts',
    undone: [['if (found > STORE_VERSION) throw newerStore(found, connection.file)', '']],
    test: ['test/unit/store/store.test.ts', FUTURE],
  },
]
