/** Outlines on a 16×16 grid; drawn here, so that no font has to know a sign. */
export const OUTLINES = {
  play: 'M5 3.2v9.6l7.5-4.8z',
  pause: 'M4.5 3.5h2.4v9H4.5zM9.1 3.5h2.4v9H9.1z',
  stop: 'M4 4h8v8H4z',
  clock:
    'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zm0 1.4a4.1 4.1 0 1 1 0 8.2 4.1 4.1 0 0 1 0-8.2zM7.4 5v3.4l2.4 1.7.8-1.1-1.9-1.3V5z',
  bolt: 'M9 1.8 3.6 9h3.2L6.6 14.2 12.4 7H9z',
  cross: 'M4.1 3 8 6.9 11.9 3 13 4.1 9.1 8l3.9 3.9-1.1 1.1L8 9.1 4.1 13 3 11.9 6.9 8 3 4.1z',
  check: 'M6.4 12.6 2.4 8.5l1.2-1.2 2.8 2.9 6-6.4 1.2 1.1z',
  copy: 'M5.5 2h7A1.5 1.5 0 0 1 14 3.5v7h-1.4V3.4H5.5zM3.5 4.5h6A1.5 1.5 0 0 1 11 6v6.5A1.5 1.5 0 0 1 9.5 14h-6A1.5 1.5 0 0 1 2 12.5V6a1.5 1.5 0 0 1 1.5-1.5zm-.1 1.4v6.7h6.2V5.9z',
  bin: 'M6 2h4l.6 1H14v1.4H2V3h3.4zM3.2 5.5h9.6L12 14H4zm1.5 1.4.5 5.7h5.6l.5-5.7z',
  left: 'M10.5 3.2v9.6L4 8z',
  right: 'M5.5 3.2v9.6L12 8z',
  save: 'M7.3 2h1.4v6.2l2.2-2.2 1 1L8 10.9 4.1 7l1-1 2.2 2.2zM3 11.5h1.4v1.1h7.2v-1.1H13V14H3z',
  table:
    'M2 3h12v10H2zm1.4 1.4v1.8h3.2V4.4zm4.6 0v1.8h4.6V4.4zM3.4 7.6v1.6h3.2V7.6zm4.6 0v1.6h4.6V7.6zm-4.6 3v1h3.2v-1zm4.6 0v1h4.6v-1z',
  chart: 'M2 3h1.4v8.6H14V13H2zm2.6 6.6 2.8-3.4 2.2 1.9 3-4 1.1.8-3.9 5.2-2.3-1.9-1.8 2.3z',
} as const
export type IconName = keyof typeof OUTLINES
