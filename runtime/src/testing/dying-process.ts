// A process with a relay and a worker of the subgraph `mortal`, for tests that kill it wherever it happens to be.
// A job first leaves a mark in the table `marks`; in the first processes, a job `slow` and a reaction then take for ever.
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../clock.ts'
import { openDatabase } from '../database/pool.ts'
import { openLiveChannel } from '../events/live.ts'
import { startRelay } from '../events/relay.ts'
import { openQueues } from '../jobs/queues.ts'
import { openSources } from '../jobs/sources.ts'
import { startWorkers } from '../jobs/worker.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'

const [url = '', redisUrl, turn] = process.argv.slice(2)
const log = createLog('error', 'mortal')
const metrics = createMetrics()
const database = openDatabase({ url, schema: 'mortal', max: 5, log })
const settings = { redisUrl: redisUrl || undefined, databaseUrl: url }
const live = openLiveChannel({ redisUrl: settings.redisUrl, databases: [database], log })
const queues = openQueues({ ...settings, names: ['mortal'], log })

startRelay({ database, live, queues, consumersOf: () => ['mortal'], log, metrics, clock: systemClock })
startWorkers({
  ...settings,
  sources: openSources([database]),
  log,
  metrics,
  takeOverAfter: 2000,
  subgraphs: [
    {
      name: 'mortal',
      jobs: [],
      concurrency: 5,
      async run(job, data, { id }) {
        const event = (data as { event?: { id: string } }).event
        await database.sql`insert into mortal.marks (job, subject) values (${job}, ${event?.id ?? id})`
        if (turn === 'first' && job !== 'quick') await sleep(600_000)
      },
    },
  ],
})
