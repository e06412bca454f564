// A process that is ours to start, to ask what it has used, and to end.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../test/processes.ts'
import type { Usage } from './gauge.ts'

const gauge = fileURLToPath(new URL('gauge.ts', import.meta.url))

export type Child = {
  readonly name: string
  readonly address: string
  usage(): Promise<Usage>
  end(): Promise<void>
}

type Program = {
  readonly name: string
  /** The file that is run, and what is said to it. */
  readonly run: readonly [file: string, ...args: string[]]
  readonly env?: Readonly<Record<string, string>>
  /** Options of Node itself. */
  readonly node?: readonly string[]
}

/** Starts it on a free port, and waits until it listens there. */
export async function start({ name, run: [file, ...args], env, node = [] }: Program): Promise<Child> {
  const port = await freePort()
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, [...node, '--import', gauge, path, ...args], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', LOG_LEVEL: 'error', ...env, PORT: String(port) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const address = `http://127.0.0.1:${port}`
  await listening(name, child, port)
  return {
    name,
    address,
    async usage() {
      const answer = once(child, 'message')
      child.send('usage')
      return (await answer)[0] as Usage
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await Promise.race([exit, wait(5000, undefined, { ref: false }).then(() => child.kill('SIGKILL'))])
      await exit
    },
  }
}

async function listening(name: string, child: ChildProcess, port: number): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await wait(50)) {
    if (child.exitCode !== null) throw new Error(`${name} has ended with ${child.exitCode}.`)
    const socket = connect(port, '127.0.0.1')
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isThere) return
  }
  throw new Error(`${name} does not listen.`)
}
