import { z } from 'zod'
import { labSetting } from './setting'

export const whenClosed = labSetting({
  label: 'When the last window is closed over a run',
  says: 'What becomes of runs that go on: it asks, or they train on in the background, are paused, or are stopped after their step',
  section: 'Window',
  kept: 'data folder',
  schema: z.enum(['ask', 'background', 'pause', 'stop']).default('ask'),
  words: { ask: 'Ask', background: 'Train on in the background', pause: 'Pause them', stop: 'Stop them' },
})

export const notifications = labSetting({
  label: 'Notify when a run ends',
  says: 'The system shows a notification when a run is done, fails, or an alarm of it is raised, unless its window is in front',
  section: 'Window',
  kept: 'data folder',
  schema: z.boolean().default(true),
})

export const keepAwake = labSetting({
  label: 'No sleep while a run trains',
  says: 'The machine does not go to sleep by itself while a run trains; its screen may',
  section: 'Window',
  kept: 'data folder',
  schema: z.boolean().default(true),
})

export const theme = labSetting({
  label: 'Theme',
  says: 'Light or dark, or as the system has it',
  section: 'Appearance',
  kept: 'page',
  schema: z.enum(['system', 'light', 'dark']).default('system'),
  words: { system: 'As the system', light: 'Light', dark: 'Dark' },
})
