import type { Guard } from './guard'

const CHECKLIST = 'test/unit/security/checklist.test.ts'
const APP = 'test/e2e/security.test.ts'
const POLICY = 'has a policy in which nothing is allowed but by name'

const restriction = (name: string, text: string, without: string, test: string): Guard => ({
  ...{ name, file: 'main/window/restrictions.ts', undone: [[text, without]], test: [APP, test] },
})
const policy = (name: string, text: string, without: string): Guard => ({
  ...{ name, file: 'main/window/content-policy.ts', undone: [[text, without]], test: [CHECKLIST, POLICY] },
})

/** Of pages, in the window and in a browser, and of what they may ask. */
export const PAGE_GUARDS: readonly Guard[] = [
  policy('no page within a page', `  "frame-src 'none'",\n`, ''),
  policy('no style in the page', `"style-src 'self'"`, `"style-src 'self' 'unsafe-inline'"`),
  policy('nothing from elsewhere', `"connect-src 'self'"`, `"connect-src 'self' https://example.org"`),
  policy('nothing that is not named', `"default-src 'none'"`, `"default-src 'self'"`),
  policy('no worker', `  "worker-src 'none'",\n`, ''),
  {
    name: 'an own page is known by its origin',
    file: 'main/window/address.ts',
    undone: [["url.protocol === `${APP_SCHEME}:` && url.host === 'lab'", 'address.startsWith(APP_ORIGIN)']],
    test: [CHECKLIST, 'takes no page to be its own by how its address begins'],
  },
  {
    name: 'the folder of pages',
    file: 'main/window/page-files.ts',
    undone: [['file.startsWith(folder + path.sep) ? file : null', 'file']],
    test: [CHECKLIST, 'finds no file outside of the pages’ folder'],
  },
  {
    name: 'no zero in a page’s name',
    file: 'main/window/page-files.ts',
    undone: [["if (name.includes('\\0') || name.includes('\\\\')) return null", '']],
    test: [CHECKLIST, 'finds no file outside of the pages’ folder'],
  },
  {
    name: 'messages that name a file',
    file: 'main/lab/connection.ts',
    undone: [['if (namesFile(name, input)) throw forbidden(name)', '']],
    test: ['test/unit/serve/server.test.ts', 'opens the lab to whoever has the token, and to nobody else'],
  },
  {
    name: 'messages that hold themselves',
    file: 'main/lab/input-extent.ts',
    undone: [['known.set(inner, Infinity)', 'known.set(inner, 1)']],
    test: ['test/unit/lab/input-extent.test.ts', 'counts what lies in several places in each'],
  },
  {
    name: 'what a path is called',
    file: 'shared/file-path.ts',
    undone: [["z.globalRegistry.get(schema)?.['isFilePath'] === true) return true", 'false) return true']],
    test: [CHECKLIST, 'hide no file’s path'],
  },
  restriction('navigation', 'if (!isOwnAddress(address)) event.preventDefault()', '', 'stays at its page'),
  restriction('new windows', "({ action: 'deny' })", "({ action: 'allow' })", 'opens no other window'),
  restriction(
    'about:blank',
    'setImmediate(() => void contents.loadURL(APP_ADDRESS))',
    'undefined',
    'comes back from about:blank',
  ),
  restriction(
    'WebRTC',
    "contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')",
    '',
    'tells no address of this machine by WebRTC',
  ),
  restriction(
    'permissions',
    'String(permission) === ALLOWED && isMainFrame && isOwnAddress(requestingUrl)',
    'true',
    'lets its page copy a table',
  ),
  restriction('requests', 'cancel: !/^(app|devtools|data|blob):/.test(url)', 'cancel: false', 'loads nothing of the network'),
  {
    name: 'the sender of a message',
    file: 'main/window/sender.ts',
    undone: [["senderFrame === sender.mainFrame && isOwnAddress(senderFrame?.url ?? '')", 'sender !== null']],
    test: [APP, 'listens to its own pages alone'],
  },
  {
    name: 'the form of a message',
    file: 'main/window/channels.ts',
    undone: [['if (!window || !asked.success) return null', 'if (!window) return null']],
    test: [APP, 'takes nothing for a request'],
  },
]
