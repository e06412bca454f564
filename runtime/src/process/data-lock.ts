// One process a data folder: a lock file naming its holder, taken over when that process is gone.
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export class DataLockedError extends Error {
  override name = 'DataLockedError'
}

/** Takes the lock or throws a DataLockedError that names the holder; returns what gives it back. */
export function takeDataLock(file: string): () => void {
  const mine = nameOf(process.pid)
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, mine)
  try {
    for (;;) {
      // A link appears with its content or not at all, which a file opened with `wx` does not.
      if (quietly(() => linkSync(draft, file), 'EEXIST')) return () => rmSync(file, { force: true })
      const holder = contentOf(file)
      if (holder !== undefined && isAlive(holder)) {
        const data = dirname(file)
        throw new DataLockedError(
          `Process ${pidIn(holder)} is already using ${data}: stop it first, or set DATA_DIR to another folder.`,
        )
      }
      if (holder !== undefined) removeStale(file, holder)
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Two processes may judge the same lock stale; the slower one must not remove the faster one's new lock. */
function removeStale(file: string, judged: string) {
  const aside = `${file}.${randomUUID()}`
  if (!quietly(() => renameSync(file, aside), 'ENOENT')) return
  if (contentOf(aside) !== judged) quietly(() => linkSync(aside, file), 'EEXIST')
  rmSync(aside, { force: true })
}

/** A pid alone is reused, in containers at every start; with the time it started it is not. */
function nameOf(pid: number): string {
  const stat = contentOf(`/proc/${pid}/stat`)
  const started = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  return `${pid} ${started}`
}

const pidIn = (name: string) => Number.parseInt(name, 10)

function isAlive(name: string): boolean {
  const pid = pidIn(name)
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return nameOf(pid) === name
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function quietly(act: () => void, expected: string): boolean {
  try {
    act()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === expected) return false
    throw error
  }
}
