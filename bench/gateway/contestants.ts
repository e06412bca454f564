// Who is measured, and what each has to reach.
import { randomBytes } from 'node:crypto'
import { type Child, start } from './child.ts'

export type Contestant = { readonly child: Child; readonly goal?: number; readonly isOther?: boolean }

export type Setting = {
  /** The file with the composed graph. */
  readonly supergraph: string
  /** The address that it names. */
  readonly subgraphs: string
  /** The folder for the CPU profiles of our own, if they are wanted. */
  readonly profile: string | undefined
}

/** All started and listening. */
export async function startAll({ supergraph, subgraphs, profile }: Setting): Promise<Contestant[]> {
  const env = { SUPERGRAPH: supergraph, SUBGRAPHS: subgraphs }
  const secrets = { AUTH_SECRET: randomBytes(32).toString('hex'), INTERNAL_SECRET: randomBytes(32).toString('hex') }
  const limits = { RATE_LIMIT_ANONYMOUS: '100000000', RATE_LIMIT_VIEWER: '100000000' }
  const ours = { ...env, ...secrets, ...limits, HOST: '127.0.0.1' }
  const node = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  return [
    {
      child: await start({
        name: 'plain @apollo/gateway',
        run: ['contestants/plain.ts'],
        env: { ...env, APOLLO_TELEMETRY_DISABLED: 'true' },
      }),
      isOther: true,
    },
    { child: await start({ name: 'Hive, JavaScript planner', run: ['contestants/hive.ts'], env }), isOther: true },
    {
      child: await start({
        name: 'Hive, Rust planner',
        run: ['contestants/hive.ts'],
        env: { ...env, PLANNER: 'rust' },
      }),
      isOther: true,
    },
    { child: await start({ name: 'ours over HTTP', run: ['../../main.ts', 'gateway'], env: ours, node }), goal: 5 },
    {
      child: await start({ name: 'ours in process', run: ['contestants/ours-in-process.ts'], env: ours, node }),
      goal: 12,
    },
    { child: await start({ name: 'merged by hand', run: ['contestants/by-hand.ts'], env }) },
  ]
}
