// Runs the steps of a plan in the order that it asks for, each upon the places that the steps around it lead to.
import { fetchEntities } from './fetch-entities.ts'
import { fetchFields } from './fetch-fields.ts'
import { reached } from './path.ts'
import type { Step } from './plan.ts'
import type { Places, Run } from './run.ts'

export async function take(step: Step, places: Places, run: Run): Promise<void> {
  switch (step.kind) {
    case 'sequence':
      for (const each of step.steps) await take(each, places, run)
      return
    case 'parallel':
      await Promise.all(step.steps.map((each) => take(each, places, run)))
      return
    case 'flatten': {
      const trees = reached(places.trees, step.path)
      if (trees.length > 0) await take(step.step, { trees, path: [...places.path, ...step.path] }, run)
      return
    }
    case 'condition':
      return take(run.isMet(step.variable) ? step.met : step.unmet, places, run)
    case 'fetch':
      return step.requires ? fetchEntities(step, step.requires, places, run) : fetchFields(step, places, run)
  }
}
