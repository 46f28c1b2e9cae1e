/** The rooms of the rail, in its order; Ctrl+1, Ctrl+2, … go there. */
export const PLACES = [
  { name: 'design', path: '/design', label: 'Design', icon: 'M9 3h6v5H9zM4 16h6v5H4zM14 16h6v5h-6zM12 8v4M7 16v-4h10v4' },
  { name: 'data', path: '/data', label: 'Data', icon: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 16.5h7M16.5 13v7' },
  { name: 'runs', path: '/runs', label: 'Runs', icon: 'M4 18h16M5 14l4-5 4 4 6-8' },
  {
    name: 'experiments',
    path: '/experiments',
    label: 'Experiments',
    icon: 'M9 4h6M10 4v6l-5 8a1 1 0 0 0 1 2h12a1 1 0 0 0 1-2l-5-8V4M8 15h8',
  },
  { name: 'compare', path: '/compare', label: 'Compare', icon: 'M4 5h7v6H4zM13 5h7v6h-7zM4 14h16M4 19h16' },
  { name: 'spectra', path: '/spectra', label: 'Spectra', icon: 'M4 20V4M4 20h16M6 6c3 1 4 9 8 11l6 1' },
  { name: 'new-run', path: '/new', label: 'New run', icon: 'M12 5v14M5 12h14' },
  { name: 'settings', path: '/settings', label: 'Settings', icon: 'M5 7h14M5 12h14M5 17h14M9 5v4M15 10v4M8 15v4' },
] as const
