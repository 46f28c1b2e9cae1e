import { UserError } from '../../shared/errors'
import { OLDEST } from './libraries'

/**
 * The package of a library whose name got an ending in 2024, when Debian's 32-bit architectures were given 64-bit times. The new name stands first: where it
 * exists the old one is only provided, and that of the sound by a second package too, which is another library (liboss4-salsa-asound2, Ubuntu 24.04).
 */
const renamed = (name: string): string => `${name}t64 | ${name}`

/** The Debian and Ubuntu packages of the libraries that Electron and TensorFlow link to, by the libraries' names. */
const PACKAGES: Readonly<Record<string, string>> = {
  'libc.so.6': `libc6 (>= ${OLDEST.GLIBC})`,
  'libm.so.6': `libc6 (>= ${OLDEST.GLIBC})`,
  'libdl.so.2': `libc6 (>= ${OLDEST.GLIBC})`,
  'librt.so.1': `libc6 (>= ${OLDEST.GLIBC})`,
  'libpthread.so.0': `libc6 (>= ${OLDEST.GLIBC})`,
  'libstdc++.so.6': 'libstdc++6 (>= 12)',
  'libgcc_s.so.1': 'libgcc-s1',
  'libasound.so.2': renamed('libasound2'),
  'libatk-1.0.so.0': renamed('libatk1.0-0'),
  'libatk-bridge-2.0.so.0': renamed('libatk-bridge2.0-0'),
  'libatspi.so.0': renamed('libatspi2.0-0'),
  'libcairo.so.2': 'libcairo2',
  'libcups.so.2': renamed('libcups2'),
  'libdbus-1.so.3': 'libdbus-1-3',
  'libdrm.so.2': 'libdrm2',
  'libexpat.so.1': 'libexpat1',
  'libgbm.so.1': 'libgbm1',
  'libgdk_pixbuf-2.0.so.0': 'libgdk-pixbuf-2.0-0',
  'libgio-2.0.so.0': renamed('libglib2.0-0'),
  'libglib-2.0.so.0': renamed('libglib2.0-0'),
  'libgobject-2.0.so.0': renamed('libglib2.0-0'),
  'libgtk-3.so.0': renamed('libgtk-3-0'),
  'libgdk-3.so.0': renamed('libgtk-3-0'),
  'libnspr4.so': 'libnspr4',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libsmime3.so': 'libnss3',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libudev.so.1': 'libudev1',
  'libX11.so.6': 'libx11-6',
  'libX11-xcb.so.1': 'libx11-xcb1',
  'libxcb.so.1': 'libxcb1',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXext.so.6': 'libxext6',
  'libXfixes.so.3': 'libxfixes3',
  'libXrandr.so.2': 'libxrandr2',
  'libxkbcommon.so.0': 'libxkbcommon0',
}

/** What Electron opens while it runs, without linking to it, and does not start without. */
const OPENED = ['libgtk-3.so.0', 'libgdk_pixbuf-2.0.so.0', 'libX11-xcb.so.1']
/** What it starts: addresses outside of the app are shown by the system. */
const PROGRAMS = ['xdg-utils']

/** What it is quicker with: without them Chromium draws by the processor. */
export const DEBIAN_RECOMMENDS: readonly string[] = ['libgl1', 'libegl1', 'libpci3']

/**
 * The Depends of a Debian package. Each can be met in Debian 12 and 13 and in Ubuntu 22.04 and 24.04.
 * @param libraries What the shipped files link to.
 * @throws UserError where nobody has said yet which package a library is in.
 */
export function debianDepends(libraries: readonly string[]): string[] {
  const packages = [...libraries, ...OPENED].map((library) => {
    const name = PACKAGES[library]
    if (name === undefined)
      throw new UserError(`nothing is known of the Debian package of ${library}`, {
        place: 'build/package/debian-packages.ts',
        remedy: 'write it there',
      })
    return name
  })
  return [...new Set([...packages, ...PROGRAMS])].sort()
}

/** The libraries that an RPM requires, by the libraries' names, as every distribution's packages provide them. */
export function rpmRequires(libraries: readonly string[]): string[] {
  return [...new Set([...libraries, ...OPENED])].sort().map((library) => `${library}()(64bit)`)
}
