// Runs the steps of a plan in the order that it asks for, each upon the places that the steps around it lead to.
import { fetchEntities } from './fetch-entities.ts'
import { fetchFields } from './fetch-fields.ts'
import { reached } from './path.ts'
import type { Step } from './plan.ts'
import type { Places, Run } from './run.ts'

const nothing = Promise.resolve()

export function take(step: Step, places: Places, run: Run): Promise<unknown> {
  switch (step.kind) {
    case 'sequence':
      return inOrder(step.steps, places, run)
    case 'parallel':
      return Promise.all(step.steps.map((each) => take(each, places, run)))
    case 'flatten': {
      const trees = reached(places.trees, step.path)
      return trees.length > 0 ? take(step.step, { trees, path: [...places.path, ...step.path] }, run) : nothing
    }
    case 'condition':
      return take(run.isMet(step.variable) ? step.met : step.unmet, places, run)
    case 'fetch':
      return step.requires ? fetchEntities(step, step.requires, places, run) : fetchFields(step, places, run)
  }
}

async function inOrder(steps: readonly Step[], places: Places, run: Run): Promise<void> {
  for (const step of steps) await take(step, places, run)
}
