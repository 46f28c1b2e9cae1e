import { createRouter, createWebHashHistory } from 'vue-router'
import { FIRST_PAGE } from './help/contents'
import NewRunPage from './new-run/NewRunPage.vue'
import RunsPage from './runs/RunsPage.vue'
import SettingsPage from './settings/SettingsPage.vue'

/** Everything has an address: #/runs/17?epoch=12&block=40. Pages with charts are loaded when they are first opened, so that the list of runs does not wait for them. */
export function createAppRouter() {
  return createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/design', name: 'design', component: () => import('./designer/library/LibraryPage.vue') },
      { path: '/design/network', name: 'design-network', component: () => import('./designer/DesignPage.vue') },
      { path: '/data', name: 'data', component: () => import('./datasets/list/DatasetsPage.vue') },
      {
        path: '/data/:name',
        name: 'dataset',
        component: () => import('./datasets/DatasetPage.vue'),
        props: (route) => ({ name: String(route.params['name']) }),
      },
      { path: '/runs', name: 'runs', component: RunsPage },
      { path: '/runs/deleted', name: 'deleted-runs', component: () => import('./runs/DeletedRunsPage.vue') },
      {
        path: '/runs/:id(\\d+)',
        name: 'run',
        component: () => import('./runs/RunPage.vue'),
        props: (route) => ({ id: Number(route.params['id']) }),
      },
      { path: '/experiments', name: 'experiments', component: () => import('./experiments/ExperimentsPage.vue') },
      { path: '/experiments/new', name: 'new-experiment', component: () => import('./experiments/BuilderPage.vue') },
      { path: '/experiments/search', name: 'new-search', component: () => import('./experiments/search/SearchBuilder.vue') },
      {
        path: '/experiments/:id(\\d+)',
        name: 'experiment',
        component: () => import('./experiments/ExperimentPage.vue'),
        props: (route) => ({ id: Number(route.params['id']) }),
      },
      { path: '/compare', name: 'compare', component: () => import('./compare/ComparePage.vue') },
      { path: '/spectra', name: 'spectra', component: () => import('./spectra/SpectraPage.vue') },
      // A form is filled by its whole address: another one is another form.
      { path: '/new', name: 'new-run', component: NewRunPage, meta: { isOfQuery: true } },
      { path: '/settings', name: 'settings', component: SettingsPage },
      { path: '/settings/disk', name: 'disk', component: () => import('./settings/DiskPage.vue') },
      {
        path: '/help/:page?',
        name: 'help',
        component: () => import('./help/HelpPage.vue'),
        props: (route) => ({ page: String(route.params['page'] || FIRST_PAGE) }),
      },
      { path: '/:rest(.*)*', redirect: '/runs' },
    ],
  })
}
