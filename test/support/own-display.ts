import { afterAll } from 'vitest'
import { openDisplay } from '../../build/display'

// A display of the file's own: windows of two files on one would take the keyboard and the clipboard from each other.
const display = await openDisplay()
if (display) process.env['DISPLAY'] = display.name
afterAll(() => display?.close())
