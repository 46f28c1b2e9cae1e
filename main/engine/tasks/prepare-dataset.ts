import type { PreparationPlan } from '../../../shared/api'
import { Catalogue } from '../../datasets/catalogue'
import type { About } from '../../datasets/imported/about'
import { planPreparation } from '../../datasets/prepared/plan'
import { prepareSet } from '../../datasets/prepared/prepare'
import { PreparationSource } from '../../datasets/prepared/source'
import type { PlanTask, PrepareTask, TaskProgress } from '../questions'

/** Makes a set of another one. @throws UserError where a step does not fit, or the source cannot be read. */
export function prepareDataset(task: PrepareTask, tell: (progress: TaskProgress) => void): About {
  return prepareSet(new Catalogue(task.dataFolder), task, task, (phase, done, total) => tell({ phase, done, total }))
}

/** What the steps would come to. @throws UserError likewise. */
export function planDataset(
  { source: name, steps, dataFolder }: PlanTask,
  tell: (progress: TaskProgress) => void,
): PreparationPlan {
  const source = PreparationSource.open(new Catalogue(dataFolder), name)
  try {
    const { stages } = planPreparation(source, steps, (done) => tell({ phase: 'looking', done, total: source.images }))
    return {
      stages: stages.map(({ says, shape, working: { classes, splits } }) => ({
        says,
        shape: [...shape],
        classes: [...classes],
        splits: splits.map(({ name: split, labels }) => {
          const classCounts = classes.map(() => 0)
          for (const label of labels) classCounts[label]!++
          return { name: split, images: labels.length, classCounts }
        }),
      })),
    }
  } finally {
    source.close()
  }
}
