import { createApp } from 'vue'
import { config } from 'zod'
import App from './App.vue'
import { connectToLab } from './lab/connect'
import { labKey } from './lab/lab-injection'
import { createAppRouter } from './router'
import './styles/tokens.css'
import './styles/base.css'
import { tellScrollBars } from './ui/scroll-bars'

// The page's policy forbids code made of text, so the schemas are walked instead of compiled.
config({ jitless: true })

tellScrollBars()
// The token leaves the address before the router reads it.
const link = connectToLab()
createApp(App).provide(labKey, link).use(createAppRouter()).mount('#app')
