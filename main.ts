// The only executable: `node main.ts [all | gateway | subgraph <name> | worker | migrate | seed]`.
import { systemClock } from '@switchyard/runtime/clock'
import { type Config, ConfigError, readConfig } from '@switchyard/runtime/config'
import { createLog } from '@switchyard/runtime/log'
import { createMetrics } from '@switchyard/runtime/metrics'
import { DataLockedError } from '@switchyard/runtime/process/data-lock'
import { watchPackageManager } from '@switchyard/runtime/process/package-manager'
import { checkRedisAccess } from '@switchyard/runtime/process/redis-access'
import { type Part, runUntilSignalled } from '@switchyard/runtime/process/run'
import { graph } from './graph.ts'
import { type Role, roles, secretsOf } from './roles.ts'

const [name = 'all', subject, ...surplus] = process.argv.slice(2)
const role = Object.hasOwn(roles, name) ? roles[name] : undefined
const known = graph.map((subgraph) => subgraph.name)
const isFitting = name === 'subgraph' ? known.includes(subject ?? '') : subject === undefined

if (role && isFitting && surplus.length === 0) await run(role)
else {
  process.stderr.write(
    `usage: node main.ts [all | gateway | subgraph <${known.join(' | ')}> | worker | migrate | seed]\n`,
  )
  process.exitCode = 2
}

async function run(role: Role) {
  const config = readConfigOrLeave()
  if (config.supergraph !== undefined && name !== 'gateway') {
    leaveWith('SUPERGRAPH: is for `node main.ts gateway`, which serves that graph instead of ours')
  }
  const parts: Part[] = []
  const log = createLog(config.logLevel, subject ?? name)
  const leave = runUntilSignalled(parts, log)
  watchPackageManager(() => void leave('the package manager has ended', 0))
  try {
    if (name !== 'migrate') await checkRedisAccess(config.redisUrl)
    const runsOn = await role({ graph, subject, parts, config, log, metrics: createMetrics(), clock: systemClock })
    if (!runsOn) await leave('done', 0)
  } catch (error) {
    if (error instanceof ConfigError || error instanceof DataLockedError) process.stderr.write(`${error.message}\n`)
    else log.fatal({ err: error }, 'could not start')
    await leave('could not start', 1)
  }
}

function readConfigOrLeave(): Config {
  try {
    return readConfig(process.env, { secrets: secretsOf(name, subject), subgraphs: known })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    leaveWith(error.message)
  }
}

function leaveWith(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
