import { h, type FunctionalComponent, type VNodeChild } from 'vue'
import { RouterLink } from 'vue-router'
import { MANUAL_TAGS, type ManualElement, type ManualNode } from '../../shared/manual'
import { helpAddress } from './contents'
import { isPage } from './pages'

interface Props {
  readonly nodes: readonly ManualNode[]
  /** The page that they are of: `#states` is a place in it. */
  readonly page: string
}
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- an interface has no index, which Vue asks for
type Events = {
  /** A link to somewhere outside of the guide was pressed. */
  outside: (address: string) => void
}

/** The guide's text as elements; no word of it is ever taken for markup. */
const ManualNodes: FunctionalComponent<Props, Events> = ({ nodes, page }, { emit }) => {
  const draw = (node: ManualNode): VNodeChild => {
    if (typeof node === 'string') return node
    if (!MANUAL_TAGS.includes(node.tag)) return node.children.map(draw)
    if (node.tag === 'a') return link(node)
    if (node.tag === 'img') return h('img', { src: node.src, alt: node.alt, loading: 'lazy' })
    const children = node.children.map(draw)
    if (node.tag === 'table')
      return h('div', { class: 'wide', tabindex: 0, role: 'group', 'aria-label': 'Table' }, [h('table', children)])
    if (node.tag === 'pre') return h('pre', { tabindex: 0 }, children)
    return h(node.tag, node.id === undefined ? {} : { id: node.id, tabindex: -1 }, children)
  }
  const link = ({ href = '', children }: ManualElement): VNodeChild => {
    const inside = children.map(draw)
    if (href.startsWith('#')) return h(RouterLink, { to: helpAddress(`${page}${href}`) }, () => inside)
    if (isPage(href.split('#')[0]!)) return h(RouterLink, { to: helpAddress(href) }, () => inside)
    if (!/^https?:/.test(href)) return inside
    return h(
      'a',
      {
        href,
        title: href,
        onClick: (event: MouseEvent) => {
          event.preventDefault()
          emit('outside', href)
        },
      },
      inside,
    )
  }
  return nodes.map(draw)
}
ManualNodes.props = ['nodes', 'page']
ManualNodes.emits = ['outside']

export default ManualNodes
