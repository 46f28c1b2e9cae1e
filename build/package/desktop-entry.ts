import { FILE_KINDS } from './file-kinds'

/**
 * An argument of a desktop entry's Exec key: quoted, with what the shell-like quoting escapes escaped, `%` doubled as field codes begin with it,
 * and backslashes doubled once more as in every string (Desktop Entry Specification 1.5, “The Exec key”).
 */
export function execArgument(text: string): string {
  const quoted = `"${text.replace(/["`$\\]/g, '\\$&')}"`
  return quoted.replace(/%/g, '%%').replace(/\\/g, '\\\\')
}

/** The entry that shows the app in menus and opens files with it. @param executable Absolute. */
export function desktopEntry(executable: string): string {
  const types = [...FILE_KINDS.map(({ mimeType }) => mimeType), 'application/json']
  return `[Desktop Entry]
Type=Application
Name=NormLab
GenericName=Deep network lab
Comment=Train deep networks and measure how well they preserve the norm of the gradient
Exec=${execArgument(executable)} %F
Icon=normlab
Terminal=false
StartupNotify=true
StartupWMClass=NormLab
Categories=Science;Education;ArtificialIntelligence;
Keywords=neural network;gradient;norm;training;residual;
MimeType=${types.map((type) => `${type};`).join('')}
`
}

/** What the system's database of file types is told (shared-mime-info specification 0.21). */
export function mimePackage(): string {
  const types = FILE_KINDS.map(
    ({ extension, name, mimeType, isA }) => `  <mime-type type="${mimeType}">
    <comment>${name}</comment>
${isA === undefined ? '' : `    <sub-class-of type="${isA}"/>\n`}    <glob pattern="*.${extension}" weight="60"/>
  </mime-type>
`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
${types.join('')}</mime-info>
`
}
