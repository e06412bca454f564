// How a whole installation ends: whichever of its processes is ended, and however, none of them is left.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const dataDir = mkdtempSync(join(tmpdir(), 'switchyard-ending-'))
chmodSync(dataDir, 0o755)
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

/** The environment of a terminal: nothing in it comes from the package manager that runs the tests. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_(lifecycle|package|command|execpath)|VITEST|NODE_|DATABASE_URL|REDIS)/.test(name),
  ),
)

/** Without the demo world, which takes a while to be made. */
const production = {
  NODE_ENV: 'production',
  AUTH_SECRET: randomUUID(),
  INTERNAL_SECRET: randomUUID(),
  HOST: '127.0.0.1',
}

const isLinux = process.platform === 'linux'

type Running = { readonly pid: number; readonly parent: number; readonly command: string }

function processes(): Running[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), command }]
      } catch {
        return []
      }
    })
}

function descendantsOf(pid: number): Running[] {
  const all = processes()
  const found = all.filter((one) => one.pid === pid)
  for (const { pid: parent } of found) found.push(...all.filter((one) => one.parent === parent))
  return found
}

const isAlive = (pid: number) => processes().some((one) => one.pid === pid)

const postmaster = () =>
  Number.parseInt(readFileSync(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8'), 10)

/** Starts it as the README says, and waits until it serves. */
async function start() {
  const child = spawn('npx', ['-y', 'pnpm', 'start'], {
    cwd: root,
    env: { ...environment, ...production, DATA_DIR: dataDir, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const npx = child.pid ?? 0
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  await expect.poll(() => output, { timeout: 90_000 }).toContain('"msg":"Switchyard is open"')
  const all = descendantsOf(npx)
  const node = all.find(({ command }) => /node\S* main\.ts/.test(command) && !/^\S*sh /.test(command))
  const shell = all.find(({ pid }) => pid === node?.parent)
  const pnpm = all.find(({ pid }) => pid === shell?.parent)
  const started = { npx, pnpm: pnpm?.pid ?? 0, node: node?.pid ?? 0 }
  expect(new Set(Object.values(started)).size).toBe(3)
  const pids = [...new Set([...all.map(({ pid }) => pid), postmaster()])]
  onTestFinished(() => {
    for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL')
  })
  return { started, pids }
}

test.runIf(isLinux).each([
  ['npx', 'SIGTERM'],
  ['npx', 'SIGKILL'],
  ['pnpm', 'SIGTERM'],
  ['pnpm', 'SIGKILL'],
  ['node', 'SIGTERM'],
  ['node', 'SIGKILL'],
] as const)('when %s is ended by %s, all processes end, PostgreSQL too', async (name, signal) => {
  const { started, pids } = await start()
  expect(pids.length).toBeGreaterThan(3)
  process.kill(started[name], signal)
  await expect.poll(() => pids.filter(isAlive), { timeout: 15_000, interval: 200 }).toEqual([])
})
