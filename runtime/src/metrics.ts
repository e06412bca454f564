// What Prometheus reads at /metrics: rate, errors and duration of requests and fetches, pools, queues.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export type Metrics = ReturnType<typeof createMetrics>

/** The metrics of one process; each process, and each test, has a registry of its own. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  return {
    registry,
    operations: new Histogram({
      name: 'graphql_operation_duration_seconds',
      help: 'Operations answered by the gateway.',
      labelNames: ['operation', 'type', 'outcome'] as const,
      buckets: seconds,
      registers,
    }),
    fetches: new Histogram({
      name: 'subgraph_fetch_duration_seconds',
      help: 'Fetches from the gateway to a subgraph.',
      labelNames: ['subgraph', 'outcome'] as const,
      buckets: seconds,
      registers,
    }),
    circuits: new Gauge({
      name: 'subgraph_circuit_open',
      help: '1 while a subgraph that kept failing is spared, else 0.',
      labelNames: ['subgraph'] as const,
      registers,
    }),
    statements: new Histogram({
      name: 'sql_statement_duration_seconds',
      help: 'SQL statements, from sent to answered.',
      labelNames: ['subgraph', 'outcome'] as const,
      buckets: seconds,
      registers,
    }),
    pool: new Gauge({
      name: 'sql_pool_connections',
      help: 'Statements in flight through the pool of a subgraph.',
      labelNames: ['subgraph'] as const,
      registers,
    }),
    queue: new Gauge({
      name: 'job_queue_depth',
      help: 'Jobs of a queue, by state.',
      labelNames: ['queue', 'state'] as const,
      registers,
    }),
    jobs: new Histogram({
      name: 'job_duration_seconds',
      help: 'Jobs worked off, reactions to events among them.',
      labelNames: ['queue', 'job', 'outcome'] as const,
      buckets: seconds,
      registers,
    }),
    pendingJobs: new Gauge({
      name: 'jobs_pending',
      help: 'Jobs and reactions of a subgraph that are due and not yet done.',
      labelNames: ['subgraph'] as const,
      registers,
    }),
    oldestPendingJob: new Gauge({
      name: 'jobs_pending_oldest_seconds',
      help: 'How long the oldest of them has been due.',
      labelNames: ['subgraph'] as const,
      registers,
    }),
    outbox: new Gauge({
      name: 'outbox_unpublished_events',
      help: 'Committed events that wait for the relay.',
      labelNames: ['subgraph'] as const,
      registers,
    }),
    sockets: new Gauge({
      name: 'websocket_connections',
      help: 'Open WebSocket connections.',
      registers,
    }),
    clientsCut: new Counter({
      name: 'http_clients_cut_total',
      help: 'Connections ended because the client did not read its response.',
      registers,
    }),
    subscriptions: new Gauge({
      name: 'graphql_subscriptions',
      help: 'Open subscriptions.',
      registers,
    }),
    completions: new Gauge({
      name: 'subscription_completions',
      help: 'Events of subscriptions that are executed, or wait for it.',
      labelNames: ['state'] as const,
      registers,
    }),
    replays: new Gauge({
      name: 'subscription_replays',
      help: 'Subscriptions that read past events, or wait for it.',
      labelNames: ['state'] as const,
      registers,
    }),
    passwordHashes: new Gauge({
      name: 'password_hashes',
      help: 'Passwords that are being hashed, and that wait for it, by state.',
      labelNames: ['state'] as const,
      registers,
    }),
    checkpoints: new Counter({
      name: 'audit_checkpoints_total',
      help: 'Attempts to sign where the audit log stands, by outcome.',
      labelNames: ['outcome'] as const,
      registers,
    }),
    signIns: new Counter({
      name: 'sign_ins_total',
      help: 'Attempts to sign in, by outcome.',
      labelNames: ['outcome'] as const,
      registers,
    }),
  }
}
