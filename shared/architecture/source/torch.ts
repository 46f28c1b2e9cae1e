import type { NetworkDocument } from '../document'
import type { ExpandedNetwork, Layer } from '../expand'
import { UserError } from '../../errors'
import { type Form, formsOf, isParameter, unused } from './parameters'
import { Pass, usesOf } from './pass'
import { type BodyPiece, type Call, type LoopPiece, type Piece, piecesOf } from './pieces'
import { call, className, docstring, identifier, lines, literal, stepped, type Text, told } from './python'
import { torchLayers, type TorchWords } from './torch-layers'
import { torchModules } from './torch-modules'

export interface TorchSource {
  readonly text: string
  readonly network: ExpandedNetwork
  /** The name of the module that each layer with weights is, in the state dict. */
  readonly modules: ReadonlyMap<string, string>
}

/** Names that a module has already. */
const MODULE_NAMES = new Set(
  (
    'T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval extra_repr float forward get_buffer get_extra_state get_parameter ' +
    'get_submodule half ipu load_state_dict modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook register_buffer register_forward_hook ' +
    'register_module register_parameter requires_grad_ set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu zero_grad'
  ).split(' '),
)

/** What the leaf of that number is, in the words of where it is said. */
type Say = (leaf: number) => string

const wordsOf = (layer: Layer): TorchWords => {
  const words = torchLayers[layer.op.kind]
  if (!words) throw new UserError(`PyTorch's source has no words for the layer "${layer.op.title}"`, { place: layer.name })
  return words(layer)
}

/**
 * A network as a program of PyTorch, as a person would have written it: a class for each form of block, loops for what is repeated.
 *
 * @param head Lines of the description at its top.
 * @throws UserError where the network does not fit together.
 */
export function torchSource(document: NetworkDocument, head: readonly string[]): TorchSource {
  const { network, body } = piecesOf(document, wordsOf)
  const writer = new Writer(body)
  return { text: writer.file(document.name, head, network), network, modules: writer.modules }
}

class Writer {
  /** Of each layer the module that it is. */
  readonly modules = new Map<string, string>()
  private readonly forms: readonly Form[]
  private readonly names = new Map<string, string>()
  private readonly helpers = new Set<string>()

  constructor(private readonly root: BodyPiece) {
    this.forms = formsOf(root, (body) => !body.isChain || body === root)
    const taken = new Set([...Object.keys(torchModules), 'Network'])
    for (const { key, body } of this.forms) {
      const short = className(body.id).replace(/\d+$/, '') || className(body.path)
      this.names.set(
        key,
        body === root ? 'Network' : taken.has(short) ? unused(className(body.path), taken) : unused(short, taken),
      )
    }
    this.find(root, '')
  }

  file(title: string, head: readonly string[], network: ExpandedNetwork): string {
    const classes = this.forms.map((form) => this.form(form, title))
    const own = Object.entries(torchModules).flatMap(([name, text]) => (this.helpers.has(name) ? [text] : []))
    const all = [...own, ...classes].join('\n\n\n')
    const [height, width, channels] = network.layers[network.input]!.shape
    const shapes = `Images [n, ${channels}, ${height}, ${width}] in, logits [n, ${network.layers[network.logits]!.shape.join(', ')}] out.`
    const imports = [
      'import torch',
      'from torch import nn',
      ...(/\bF\./.test(all) ? ['from torch.nn import functional as F'] : []),
    ]
    const used = imports.filter((line) => line !== 'import torch' || /\btorch\./.test(all))
    const text = [`"""${docstring(title)}`, '', ...[...head, shapes].map(docstring), '"""', '', ...used, '', '', all, '']
    return text.join('\n')
  }

  /** A class for all blocks of a form. */
  private form({ key, body, parameters, leaves }: Form, title: string): string {
    const say: Say = (at) => {
      const leaf = leaves[at]!
      return isParameter(leaf) ? leaf.name : literal(leaf.value)
    }
    const init: string[] = []
    const inputs = Array.from({ length: body.entering }, (_, at) => (at === 0 ? 'x' : `x${at}`))
    const pass = new Pass(inputs, usesOf(body.references, body.output))
    const names = membersOf(body)
    let base = 0
    body.children.forEach((child, at) => {
      const from = body.references[at]!
      const name = identifier(child.id)
      const own = `self.${names.get(child)!}`
      const made = this.member(child, base, say)
      if (made) init.push(...lines(`${own} = `, made, '', '        '))
      if (child.kind === 'layer') {
        const words = wordsOf(child.layer)
        if (words.module && words.kept !== undefined) this.helpers.add(words.module)
        pass.say(at, from, [], 1, (texts) => words.say(texts, own))
      } else if (child.kind === 'loop' && child.copies[0]!.entering > 1)
        pass.repeat(at, from, [name], (variable, others) => [
          `for block in ${own}:`,
          `    ${variable} = block(${[variable, ...others].join(', ')})`,
        ])
      else pass.say(at, from, [name], 3, (texts) => `${own}(${texts.join(', ')})`)
      base += child.leaves.length
    })
    return [
      `class ${this.names.get(key)!}(nn.Module):`,
      ...(body === this.root ? [`    """${docstring(title)}."""`, ''] : []),
      `    def __init__(${['self', ...parameters.map(({ name }) => name)].join(', ')}):`,
      '        super().__init__()',
      ...init,
      '',
      `    def forward(${['self', ...inputs].join(', ')}):`,
      ...pass.lines.map((line) => `        ${line}`),
      `        return ${pass.end(body.output)}`,
    ].join('\n')
  }

  /** What a block keeps of one of its nodes. */
  private member(piece: Piece, base: number, say: Say): Text | undefined {
    if (piece.kind !== 'layer') return this.whole(piece, base, say, 0)
    const { kept } = wordsOf(piece.layer)
    if (kept === undefined) return undefined
    const before = piece.calls.slice(0, kept).reduce((sum, one) => sum + one.arguments.length, 0)
    return call(piece.calls[kept]!.callee, told(piece.calls[kept]!, base + before, say))
  }

  /** One module of all that is in a block or a loop. */
  private whole(piece: BodyPiece | LoopPiece, base: number, say: Say, depth: number): Text {
    if (piece.kind === 'loop') {
      const isList = piece.copies[0]!.entering > 1
      const [loop] = this.items(piece, base, say, depth)
      return isList ? call('nn.ModuleList', [bracketed(loop!)]) : call('nn.Sequential', [loop!])
    }
    if (this.names.has(piece.key)) return this.items(piece, base, say, depth)[0] as Text
    const inside = this.inside(piece, base, say, depth)
    return inside.length === 1 && !isLoop(inside[0]!) ? (inside[0] as Text) : call('nn.Sequential', inside)
  }

  /** The modules behind one another in a chain. */
  private inside(chain: BodyPiece, base: number, say: Say, depth: number): (Text | string)[] {
    let at = base
    return chain.children.flatMap((child) => {
      const made = this.items(child, at, say, depth)
      at += child.leaves.length
      return made
    })
  }

  /** A piece as entries of a chain. */
  private items(piece: Piece, base: number, say: Say, depth: number): Text[] {
    if (piece.kind === 'layer') {
      const { module } = wordsOf(piece.layer)
      if (module) this.helpers.add(module)
      let at = base
      return piece.calls.map((one) => {
        const made = call(one.callee, told(one, at, say))
        at += one.arguments.length
        return made
      })
    }
    if (piece.kind === 'body') {
      const name = this.names.get(piece.key)
      if (name === undefined) return [this.whole(piece, base, say, depth)]
      const { parameters } = this.forms.find(({ key }) => key === piece.key)!
      return [
        call(
          name,
          parameters.map(({ leaf }) => say(base + leaf)),
        ),
      ]
    }
    const variable = 'ijkl'[depth] ?? `i${depth}`
    let isCounted = false
    const one = this.whole(
      piece.copies[0]!,
      0,
      (leaf) => {
        const step = say(base + 2 + 2 * leaf)
        isCounted ||= step !== '0'
        return stepped(say(base + 1 + 2 * leaf), step, variable)
      },
      depth + 1,
    )
    const times = say(base)
    const walk = `for ${isCounted ? variable : '_'} in range(${times})`
    return [{ head: '*[', parts: [one], tail: ']', walk }]
  }

  /** Where each layer's module is. */
  private find(body: BodyPiece, prefix: string): void {
    const names = membersOf(body)
    for (const child of body.children) {
      const path = `${prefix}${names.get(child)!}`
      if (child.kind !== 'layer') this.findIn(child, path)
      else if (child.calls.some(({ isWeighted }) => isWeighted)) this.modules.set(child.layer.name, path)
    }
  }

  private findIn(piece: BodyPiece | LoopPiece, path: string): void {
    if (piece.kind === 'loop') piece.copies.forEach((copy, at) => this.findIn(copy, `${path}.${at}`))
    else if (this.names.has(piece.key)) this.find(piece, `${path}.`)
    else {
      const entries = piece.children.flatMap((child): { call?: Call; child: Piece; copy?: BodyPiece }[] =>
        child.kind === 'layer'
          ? child.calls.map((one) => ({ call: one, child }))
          : child.kind === 'loop'
            ? child.copies.map((copy) => ({ child, copy }))
            : [{ child }],
      )
      const isAlone = entries.length === 1 && entries[0]!.copy === undefined
      entries.forEach(({ call: own, child, copy }, at) => {
        const inner = isAlone && piece.children[0]!.kind !== 'loop' ? path : `${path}.${at}`
        if (child.kind === 'layer') {
          if (own!.isWeighted) this.modules.set(child.layer.name, inner)
        } else this.findIn(copy ?? (child as BodyPiece), inner)
      })
    }
  }
}

const isLoop = (text: Text | string): boolean => typeof text !== 'string' && text.head === '*['
const bracketed = (loop: Text): Text => ({ ...loop, head: '[' })

/** What the nodes of a block are called in its class. */
function membersOf(body: BodyPiece): ReadonlyMap<Piece, string> {
  const taken = new Set(MODULE_NAMES)
  return new Map(body.children.map((child) => [child, unused(identifier(child.id), taken)]))
}
