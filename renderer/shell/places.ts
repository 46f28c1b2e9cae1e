import { placeCommands } from '../../shared/commands'

type PlaceId = (typeof placeCommands)[number]['id']

const drawn: Readonly<Record<PlaceId, { readonly path: string; readonly icon: string }>> = {
  'go.design': { path: '/design', icon: 'M9 3h6v5H9zM4 16h6v5H4zM14 16h6v5h-6zM12 8v4M7 16v-4h10v4' },
  'go.data': { path: '/data', icon: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 16.5h7M16.5 13v7' },
  'go.runs': { path: '/runs', icon: 'M4 18h16M5 14l4-5 4 4 6-8' },
  'go.experiments': {
    path: '/experiments',
    icon: 'M9 4h6M10 4v6l-5 8a1 1 0 0 0 1 2h12a1 1 0 0 0 1-2l-5-8V4M8 15h8',
  },
  'go.compare': { path: '/compare', icon: 'M4 5h7v6H4zM13 5h7v6h-7zM4 14h16M4 19h16' },
  'go.spectra': { path: '/spectra', icon: 'M4 20V4M4 20h16M6 6c3 1 4 9 8 11l6 1' },
  'go.new-run': { path: '/new', icon: 'M12 5v14M5 12h14' },
  'go.settings': { path: '/settings', icon: 'M5 7h14M5 12h14M5 17h14M9 5v4M15 10v4M8 15v4' },
}

/** The rooms of the rail, in its order. */
export const PLACES = placeCommands.map((command) => ({ ...command, ...drawn[command.id], name: command.id.slice('go.'.length) }))
