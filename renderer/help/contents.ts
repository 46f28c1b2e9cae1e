/** The guide's pages in the order in which one reads them. */
export const CHAPTERS: readonly { readonly title: string; readonly pages: readonly string[] }[] = [
  { title: 'Begin here', pages: ['tutorial', 'install'] },
  {
    title: 'The lab',
    pages: [
      'window',
      'runs',
      'experiments',
      'search',
      'cluster',
      'designer',
      'networks',
      'weights',
      'exchange',
      'datasets',
      'spectra',
      'reports',
      'recorder',
      'query',
    ],
  },
  { title: 'The numbers', pages: ['measure', 'jacobians', 'trained-resnet', 'performance'] },
  { title: 'When something is wrong', pages: ['troubleshooting', 'keeping'] },
  { title: 'How it is made', pages: ['architecture', 'security', 'decisions'] },
]

export const FIRST_PAGE = CHAPTERS[0]!.pages[0]!

/** What the guide says of the page one is on, by the name of its route: `runs#states`. */
export const HELP_OF: Readonly<Record<string, string>> = {
  design: 'designer#the-library',
  'design-network': 'designer#the-canvas',
  data: 'datasets#the-data-page',
  dataset: 'datasets#the-data-page',
  runs: 'runs#the-list-of-runs',
  'deleted-runs': 'runs#deleting-and-coming-back',
  run: 'runs#the-page-of-a-run',
  experiments: 'experiments#the-ready-experiments-and-what-they-show-at-their-medium-size',
  'new-experiment': 'experiments',
  'new-search': 'search',
  experiment: 'experiments#the-verdict-on-a-claim',
  compare: 'experiments#where-runs-go-from-here',
  spectra: 'spectra#the-page',
  'new-run': 'runs#before-it-starts',
  settings: 'window#settings',
  disk: 'keeping#what-takes-room',
}

/** Address of a place in the guide, such as `runs#states`. */
export function helpAddress(place: string): string {
  return `/help/${place}`
}
