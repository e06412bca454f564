// A subgraph as the workers see it: its jobs by name, and its reactions behind the job `react`.
import { react } from '../events/react.ts'
import { type Reacting, react as reactJob, type WorkedSubgraph } from '../jobs/worker.ts'
import type { RunningSubgraph } from '../subgraph/subgraph.ts'
import { service } from '../viewer/viewer.ts'

const concurrency = 10

export function workOf({ name, subgraph, open }: RunningSubgraph): WorkedSubgraph {
  return {
    name,
    jobs: subgraph.jobs,
    concurrency,
    run: async (job, data, { id }) => {
      if (job === reactJob) return react(name, subgraph.reactions, open, (data as Reacting).event)
      const declared = subgraph.jobs.find((one) => one.name === job)
      if (!declared) throw new Error(`${name} has no job ${job}.`)
      const ctx = open({ viewer: service(`${name}.${job}`, []), requestId: id })
      await declared.run(ctx as never, declared.payload.parse(data) as never)
    },
  }
}
