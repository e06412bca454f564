// The end of the package manager that has started this process: `npx -y pnpm start` is one program to whoever ends it.
import { readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

type Ancestor = { readonly pid: number; readonly startTime: string }

const checkIntervalMs = 1000
const maxAncestors = 12

/**
 * Calls `onEnd` once when one of the processes between this one and the outermost package manager above it has ended;
 * never where no package manager runs this process. Whoever starts those may end without consequence: a shell after
 * `nohup npx …`, or a process manager.
 */
export function watchPackageManager(onEnd: () => void, environment: NodeJS.ProcessEnv = process.env): void {
  if (environment.npm_lifecycle_event === undefined) return
  const isAlive = process.platform === 'linux' ? aliveInProc(packageManagers()) : aliveParent()
  const timer = setInterval(() => {
    if (isAlive()) return
    clearInterval(timer)
    onEnd()
  }, checkIntervalMs)
  timer.unref()
}

/** Elsewhere than on Linux only the parent is known. */
function aliveParent(): () => boolean {
  const { ppid } = process
  return () => process.ppid === ppid
}

const aliveInProc =
  (ancestors: readonly Ancestor[]): (() => boolean) =>
  () =>
    ancestors.every(({ pid, startTime }) => statOf(pid)?.startTime === startTime)

/** From the parent up to the outermost package manager, with what runs between them: `sh -c`, `node --watch`. */
function packageManagers(): Ancestor[] {
  const ancestors: Ancestor[] = []
  let outermost = 0
  for (let pid = process.ppid; pid > 1 && ancestors.length < maxAncestors; ) {
    const stat = statOf(pid)
    const command = commandOf(pid)
    if (!stat || !(command.isPackageManager || command.isLink)) break
    ancestors.push({ pid, startTime: stat.startTime })
    if (command.isPackageManager) outermost = ancestors.length
    pid = stat.parent
  }
  return ancestors.slice(0, outermost)
}

/** Undefined for a process that is not there, or has ended and is still to be reaped. */
function statOf(pid: number): { parent: number; startTime: string } | undefined {
  const stat = contentOf(`/proc/${pid}/stat`)
  // the name before it is in brackets, and may hold blanks and brackets itself
  const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (!parent || state === 'Z' || state === 'X') return undefined
  return { parent: Number(parent), startTime: rest[17] ?? '' }
}

const programs = new Set(['npm', 'npx', 'pnpm', 'pnpx', 'yarn', 'yarnpkg', 'bun', 'bunx', 'corepack'])

/** npm and npx give themselves a title (`npm exec pnpm start`); others are scripts that Node runs, or programs. */
function commandOf(pid: number) {
  const words = contentOf(`/proc/${pid}/cmdline`)
    .split('\0')
    .flatMap((word, index) => (index === 0 ? word.split(' ') : [word]))
  const names = words.slice(0, 3).map((word) => basename(word).replace(/(-cli)?\.[cm]?js$/, ''))
  const program = programOf(pid)
  const isShell = /^(sh|bash|dash|ash|zsh|busybox)$/.test(program) && words[1] === '-c'
  return {
    isPackageManager: programs.has(program) || (program === 'node' && names.some((name) => programs.has(name))),
    isLink: isShell || program === 'node',
  }
}

function programOf(pid: number): string {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`))
  } catch {
    return ''
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
