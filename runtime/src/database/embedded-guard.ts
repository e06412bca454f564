// Ends the embedded PostgreSQL when this process was killed and could not: a shell that waits for our end.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { clusterIn } from './embedded-cluster.ts'

/** How long another process may take to start on the same data, and go on with the server that is running. */
const takeoverSeconds = 5

/**
 * Waits until its standard input, which nobody but us holds, comes to its end. A server whose data still are locked by us
 * then has nobody any more.
 */
const script = `
  read -r _
  sleep ${takeoverSeconds}
  [ "$(cat "$1" 2>/dev/null)" = "$2" ] || exit 0
  read -r pid < "$3" && kill -INT "$pid"`

/** Call it while the lock of this folder is held. */
export function guardServer(home: string): { dismiss(): void } {
  if (process.platform === 'win32') return { dismiss: () => {} }
  const lock = join(home, 'lock')
  const pidFile = join(clusterIn(home), 'postmaster.pid')
  const shell = spawn('/bin/sh', ['-c', script, 'sh', lock, readFileSync(lock, 'utf8'), pidFile], {
    env: { PATH: '/usr/bin:/bin' },
    // a session of its own: what ends our group must not end it
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // without it, whoever is killed leaves the server to the next process on the same data
  shell.on('error', () => {})
  shell.stdin.on('error', () => {})
  shell.unref()
  const { stdin } = shell
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref()
  return { dismiss: () => void shell.kill('SIGKILL') }
}
