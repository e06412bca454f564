// The servers of a subgraph and of probes, sent what they cannot read.
import { expect, test } from 'vitest'
import { createMetrics } from '../metrics.ts'
import { serveProbes } from '../process/probes.ts'
import { CounterExecutor } from '../testing/counter-executor.ts'
import { serve } from '../testing/counter-link.ts'
import { testLog } from '../testing/log.ts'
import { malformedRequestTests, malformedUpgradeTests } from '../testing/malformed-requests.ts'
import { bareUpgradeOf, rawConnection } from '../testing/raw-http.ts'

const subgraph = async () => (await serve(new CounterExecutor())).port

malformedRequestTests('a subgraph', subgraph)
malformedUpgradeTests('a subgraph', subgraph)

malformedRequestTests('a worker', async () => {
  const settings = { host: '127.0.0.1', port: 0, internalCidrs: [], metrics: createMetrics() }
  const probes = await serveProbes({
    ...settings,
    log: testLog(),
    ready: async () => ({ status: 'ok', dependencies: {} }),
  })
  return probes.port
})

test('a client that keeps a refused upgrade open does not hold a subgraph that is shutting down', async () => {
  const server = await serve(new CounterExecutor())
  const socket = await rawConnection(server.port)
  socket.write(bareUpgradeOf('//'))
  await server.drain()
  await expect.poll(() => socket.resume().readableEnded).toBe(true)
  socket.destroy()
})
