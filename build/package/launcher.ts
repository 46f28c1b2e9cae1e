import { COMMAND_LINE } from './electron-builder'

/** The Node that runs the command line, beside the app's executable, which is no Node. */
export const NODE = 'normlab-node'

/** `normlab`, the command line of the package. A link to the script works as well. */
export const LAUNCHER = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec "$here/${NODE}" "$here/resources/${COMMAND_LINE}/out/main/cli.js" "$@"
`
