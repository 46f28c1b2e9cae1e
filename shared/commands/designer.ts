import { commandsOf } from './command'

const held = { repeats: true } as const

/** What is done in the designer. */
export const designerCommands = [
  ...commandsOf('Edit', 'designer', [
    ['design.undo', 'Undo', ['Ctrl+Z'], held],
    ['design.redo', 'Redo', ['Ctrl+Shift+Z', 'Ctrl+Y'], held],
    ['design.keep', 'Keep a version', ['Ctrl+S'], { keywords: 'save snapshot' }],
  ]),
  ...commandsOf('Edit', 'canvas', [
    ['design.cut', 'Cut', ['Ctrl+X']],
    ['design.copy', 'Copy', ['Ctrl+C']],
    ['design.paste', 'Paste behind the selection', ['Ctrl+V'], { hasOwnEvent: true }],
    ['design.duplicate', 'Duplicate', ['Ctrl+D'], held],
    ['design.delete', 'Delete', ['Delete', 'Backspace'], { ...held, keywords: 'remove' }],
    ['design.all', 'Select all of the block', ['Ctrl+A']],
    ['design.rename', 'Rename, edit attributes', ['F2'], { keywords: 'inspector name' }],
  ]),
  ...commandsOf('Build', 'designer', [['design.train', 'Train this network…', ['Ctrl+Enter'], { keywords: 'run start' }]]),
  ...commandsOf('Build', 'canvas', [
    ['design.insert', 'Insert: find in the palette', ['/', 'A'], { keywords: 'add layer block' }],
    ['design.connect', 'Connect to…', ['C'], { keywords: 'skip edge wire' }],
    ['design.group', 'Make a block of the selection', ['Ctrl+G'], { keywords: 'group' }],
    ['design.ungroup', 'Take the block apart', ['Ctrl+Shift+G'], { keywords: 'ungroup' }],
    ['design.more', 'Repeat once more', [']'], held],
    ['design.fewer', 'Repeat once less', ['['], held],
    ['design.unit', 'Measure it as a residual block, or no longer', ['U'], { keywords: 'unit boundary' }],
    ['design.write-out', 'Write the copies out as blocks of their own', ['Shift+W']],
    ['design.keep-block', 'Keep the block in the library', ['Ctrl+B'], { keywords: 'save' }],
  ]),
  ...commandsOf('Walk', 'canvas', [
    ['design.down', 'To what takes it', ['ArrowDown'], held],
    ['design.up', 'To what it takes', ['ArrowUp'], held],
    ['design.left', 'To the left', ['ArrowLeft'], held],
    ['design.right', 'To the right', ['ArrowRight'], held],
    ['design.down-too', 'Select what takes it as well', ['Shift+ArrowDown'], held],
    ['design.up-too', 'Select what it takes as well', ['Shift+ArrowUp'], held],
    ['design.left-too', 'Select what stands to its left as well', ['Shift+ArrowLeft'], held],
    ['design.right-too', 'Select what stands to its right as well', ['Shift+ArrowRight'], held],
    ['design.enter', 'Open the block, go into it; on a layer its attributes', ['Enter']],
    ['design.leave', 'Out of the block; select nothing', ['Escape']],
  ]),
  ...commandsOf('View', 'canvas', [
    ['design.fold', 'Fold the block', ['Shift+Enter']],
    ['design.copies', 'Show the copies of a repeated block', ['O']],
    ['design.show-all', 'Show all blocks', ['Shift+O'], { keywords: 'open unfold' }],
    ['design.fold-all', 'Fold all blocks', ['Shift+F'], { keywords: 'close' }],
    ['design.fit', 'Fit the network into the window', ['F'], { keywords: 'zoom whole' }],
    ['design.zoom-in', 'Nearer', ['+', '='], { ...held, keywords: 'zoom in' }],
    ['design.zoom-out', 'Farther', ['-'], { ...held, keywords: 'zoom out' }],
    ['design.map', 'The small map', ['M'], { keywords: 'overview minimap' }],
    ['design.tool-pan', 'Drag moves the view', ['H'], { keywords: 'hand pan' }],
    ['design.tool-select', 'Drag selects', ['V'], { keywords: 'marquee' }],
  ]),
  ...commandsOf('Arrange', 'canvas', [
    ['design.lay-out', 'Lay out again', ['L'], { keywords: 'tidy' }],
    ['design.nudge-Left', 'Move it left', ['Alt+ArrowLeft'], held],
    ['design.nudge-Right', 'Move it right', ['Alt+ArrowRight'], held],
    ['design.nudge-Up', 'Move it up', ['Alt+ArrowUp'], held],
    ['design.nudge-Down', 'Move it down', ['Alt+ArrowDown'], held],
    ['design.align-left', 'Align left', []],
    ['design.align-centre', 'Align centres', []],
    ['design.align-right', 'Align right', []],
    ['design.align-top', 'Align tops', []],
    ['design.align-middle', 'Align middles', []],
    ['design.align-bottom', 'Align bottoms', []],
    ['design.align-rows', 'Space evenly, top to bottom', [], { keywords: 'distribute' }],
    ['design.align-columns', 'Space evenly, left to right', [], { keywords: 'distribute' }],
  ]),
]
export type DesignerCommandId = (typeof designerCommands)[number]['id']
