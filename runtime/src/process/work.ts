// A subgraph as the workers see it: its jobs by name, and its reactions behind the job `react`.
import type { Clock } from '../clock.ts'
import { react } from '../events/react.ts'
import { retentionJob } from '../events/retention.ts'
import { type Reacting, react as reactJob } from '../jobs/react-job.ts'
import type { WorkedSubgraph } from '../jobs/worker.ts'
import type { Log } from '../log.ts'
import type { RunningSubgraph } from '../subgraph/subgraph.ts'
import { service } from '../viewer/viewer.ts'

type Around = { readonly clock: Clock; readonly log: Log }

const concurrency = 10

export function workOf({ name, subgraph, open, database }: RunningSubgraph, { clock, log }: Around): WorkedSubgraph {
  const jobs = [...subgraph.jobs, retentionJob({ database, clock, log })]
  return {
    name,
    jobs,
    concurrency,
    run: async (job, data, { id }) => {
      if (job === reactJob) return react(name, subgraph.reactions, open, (data as Reacting).event)
      const declared = jobs.find((one) => one.name === job)
      if (!declared) throw new Error(`${name} has no job ${job}.`)
      const ctx = open({ viewer: service(`${name}.${job}`, declared.may), requestId: id })
      await declared.run(ctx as never, declared.payload.parse(data) as never)
    },
  }
}
