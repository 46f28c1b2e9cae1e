import { createRouter, createWebHashHistory } from 'vue-router'
import ComparePage from './compare/ComparePage.vue'
import BuilderPage from './experiments/BuilderPage.vue'
import ExperimentPage from './experiments/ExperimentPage.vue'
import ExperimentsPage from './experiments/ExperimentsPage.vue'
import NewRunPage from './new-run/NewRunPage.vue'
import RunPage from './runs/RunPage.vue'
import RunsPage from './runs/RunsPage.vue'
import SettingsPage from './settings/SettingsPage.vue'

/** Everything has an address: #/runs/17?epoch=12&block=40. */
export function createAppRouter() {
  return createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/runs', name: 'runs', component: RunsPage },
      { path: '/runs/:id(\\d+)', name: 'run', component: RunPage, props: (route) => ({ id: Number(route.params['id']) }) },
      { path: '/experiments', name: 'experiments', component: ExperimentsPage },
      { path: '/experiments/new', name: 'new-experiment', component: BuilderPage },
      {
        path: '/experiments/:id(\\d+)',
        name: 'experiment',
        component: ExperimentPage,
        props: (route) => ({ id: Number(route.params['id']) }),
      },
      { path: '/compare', name: 'compare', component: ComparePage },
      { path: '/new', name: 'new-run', component: NewRunPage },
      { path: '/settings', name: 'settings', component: SettingsPage },
      { path: '/:rest(.*)*', redirect: '/runs' },
    ],
  })
}
