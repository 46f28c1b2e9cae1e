import type { Guard } from './guard'

const SERVER = 'test/unit/serve/server.test.ts'
const CHECKLIST = 'test/unit/security/checklist.test.ts'
const server = (name: string, undone: Guard['undone'], test: string): Guard => ({
  ...{ name, file: 'main/serve/server.ts', undone, test: [SERVER, test] },
})
const entrance = (name: string, undone: Guard['undone'], test: Guard['test']): Guard => ({
  ...{ name, file: 'main/serve/entrance.ts', undone, test },
})
const files = (name: string, undone: Guard['undone'], test: string, of = ''): Guard => ({
  ...{ name, file: 'main/serve/static-files.ts', undone, test: [SERVER, test, of] },
})

const OTHERS = 'answers to no other name than the loopback’s, and to no other page'
const TOKEN = 'opens the lab to whoever has the token, and to nobody else'
const DOOR = 'by opening sockets and sending nothing, or half a request, is shown the door'
const NOBODY = 'tells nobody where it was opened from, and lets it ask for nothing of the machine'

/** Of the browser mode. */
export const SERVER_GUARDS: readonly Guard[] = [
  server('Host', [['if (headers.host === undefined || !hosts.includes(headers.host)) return false', '']], OTHERS),
  server('Origin', [['headers.origin === undefined || headers.origin === `http://${headers.host}`', 'true']], OTHERS),
  server('Host and Origin of sockets', [['isOurs(server, request) && request.url', 'request.url']], TOKEN),
  server('the path of sockets', [['&& request.url === LAB_SOCKET_PATH ?', '?']], TOKEN),
  server('the token of sockets', [['entrance.knock(offeredToken(request))', "('in' as const)"]], TOKEN),
  server('the subprotocol', [["name === LAB_SUBPROTOCOL ? offered : ''", 'name === LAB_SUBPROTOCOL ? offered : name!']], TOKEN),
  server(
    'the token of files',
    [["if (isLetIn(response, entrance.knock(headerOf(request, 'x-normlab-token')))) void", 'void']],
    'takes weights in for an item',
  ),
  server('the loopback alone', [["'127.0.0.1', resolve", "'0.0.0.0', resolve"]], 'listens at one address of this machine alone'),
  server(
    'only GET and HEAD',
    [["if (request.method !== 'GET' && request.method !== 'HEAD')", 'if (false)']],
    'serves its pages on the loopback',
  ),
  server(
    'the size of a message',
    [['maxPayload: MOST_MESSAGE_BYTES', 'maxPayload: 0']],
    'closes a socket whose message is too large',
  ),
  server(
    'a port that is taken',
    [["error.code === 'EADDRINUSE' ? 'another program uses this port'", "error.code === '' ? ''"]],
    'says that a port is taken',
  ),
  entrance(
    'constant time',
    [['timingSafeEqual(given, right)', 'given.equals(right)']],
    [CHECKLIST, 'compares words in constant time'],
  ),
  entrance(
    'any length',
    [['given.length === right.length && ', '']],
    ['test/unit/serve/entrance.test.ts', 'compares words of any length'],
  ),
  entrance(
    'a ticket is good once',
    [["this.current = newToken()\n    return 'in'", "return 'in'"]],
    [SERVER, 'lets a page in by the ticket'],
  ),
  entrance(
    'the rate limit',
    [['const MOST_WRONG = 30', 'const MOST_WRONG = Infinity']],
    [SERVER, 'by trying tokens is told to wait'],
  ),
  entrance(
    'the minute',
    [['now - at < MINUTE_MS', 'true']],
    ['test/unit/serve/entrance.test.ts', 'counts wrong words of the last minute only'],
  ),
  entrance(
    'who is kept out',
    [["isSame(offered, this.token) ? 'in'", "isSame(offered, this.token) && this.wrong.length < 1 ? 'in'"]],
    [SERVER, 'by trying tokens is told to wait'],
  ),
  entrance(
    'a proof of the page’s word',
    [['/^[0-9a-f]{64}$/.test(nonce)', 'true']],
    [SERVER, 'proves to a page that it has the token'],
  ),
  entrance(
    'a proof for its port',
    [['proofText(nonce, port)', 'proofText(nonce, 0)']],
    [SERVER, 'proves to a page that it has the token'],
  ),
  files(
    'links out of the folder',
    [['real.startsWith(realpathSync(folder) + path.sep) && ', '']],
    'gives no file for',
    '/link.txt',
  ),
  files(
    'ways out of the folder',
    [
      ["if (decoded.includes('\\0') || decoded.includes('\\\\') || decoded.split('/').includes('..')) return undefined", ''],
      ['real.startsWith(realpathSync(folder) + path.sep) && ', ''],
    ],
    'gives no file for',
    '/%2e%2e/secret.txt',
  ),
  files('the policy', [["'content-security-policy': CONTENT_POLICY,", '']], 'serves its pages on the loopback'),
  files('types are not guessed', [["'x-content-type-options': 'nosniff',", '']], 'serves its pages on the loopback'),
  files('not in a frame', [["'x-frame-options': 'DENY',", '']], NOBODY),
  files('no Referer', [["'referrer-policy': 'no-referrer',", '']], NOBODY),
  files('nothing of the machine', [["'permissions-policy': PERMISSIONS_POLICY,", '']], NOBODY),
  files('a window of its own', [["'cross-origin-opener-policy': 'same-origin',", '']], NOBODY),
  {
    name: 'the size of records',
    file: 'main/serve/recorded-runs.ts',
    undone: [['weights ? MOST_WEIGHT_BYTES : MOST_RECORD_BYTES', 'MOST_WEIGHT_BYTES']],
    test: [SERVER, 'takes records of a program that trains elsewhere'],
  },
  {
    name: 'the places of records',
    file: 'main/serve/recorded-runs.ts',
    undone: [["if (url !== RECORDED_PATH && !weights) return tell(response, 404, 'There is no such place for records.')", '']],
    test: [SERVER, 'takes records of a program that trains elsewhere'],
  },
  {
    name: 'a cluster’s host is no option of ssh',
    file: 'shared/places/profile.ts',
    undone: [['host: z.string().regex(/^[A-Za-z0-9][\\w.-]{0,252}$/, ', 'host: z.string().regex(/^/, ']],
    test: [
      'test/unit/places/slurm-answers.test.ts',
      'takes no host, user or folder that a program or a shell would take for something else',
    ],
  },
  {
    name: 'the folder of the connections that ssh keeps',
    file: 'main/places/slurm/ssh.ts',
    undone: [['!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0', 'false']],
    test: ['test/unit/places/ssh.test.ts', 'is not used where others could answer in it for the login node'],
  },
  {
    name: 'a folder of one’s own for them',
    file: 'main/places/slurm/ssh.ts',
    undone: [['{ recursive: true, mode: 0o700 }', '{ recursive: true }']],
    test: ['test/unit/places/ssh.test.ts', 'is made for its user alone'],
  },
  {
    name: 'a thousand connections',
    file: 'main/serve/patience.ts',
    undone: [['server.maxConnections = MOST_CONNECTIONS', '']],
    test: ['test/unit/serve/patience.test.ts', 'lets in a thousand connections and no more'],
  },
  {
    name: 'silent sockets',
    file: 'main/serve/patience.ts',
    undone: [
      ['setTimeout(() => socket.destroy(), patienceMs)', 'setTimeout(() => undefined, patienceMs)'],
      ['server.headersTimeout = patienceMs', 'server.headersTimeout = 0'],
    ],
    test: [SERVER, DOOR],
  },
  {
    name: 'room for silent sockets',
    file: 'main/serve/patience.ts',
    undone: [['if (silent.size > MOST_SILENT) silent.keys().next().value?.destroy()', '']],
    test: [SERVER, 'by opening more silent sockets than there is room for'],
  },
  {
    name: 'answers that nobody reads',
    file: 'main/serve/socket-port.ts',
    undone: [['answering < MOST_ANSWERING && socket.bufferedAmount <= MOST_UNREAD_BYTES', 'true']],
    test: [SERVER, 'without reading the answers waits'],
  },
  {
    name: 'what is no message',
    file: 'main/serve/socket-port.ts',
    undone: [["giveUp(1003, 'not a message')", '']],
    test: [SERVER, 'closes a socket that sends what is no message'],
  },
  {
    name: 'who may read the kept token',
    file: 'main/files/private-file.ts',
    undone: [['(mode & 0o077) !== 0 || ', '']],
    test: [SERVER, 'is kept for the user alone'],
  },
  {
    name: 'the kept token is the user’s',
    file: 'main/serve/kept-address.ts',
    undone: [['JSON.stringify(address), OWNERS', 'JSON.stringify(address)']],
    test: [SERVER, 'is kept for the user alone'],
  },
]
