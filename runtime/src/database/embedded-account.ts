// PostgreSQL refuses to run as root: which account runs it then, and where that account can keep its data.
import { randomBytes } from 'node:crypto'
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export type Account = { readonly uid: number; readonly gid: number }

/** Whom the server runs as: undefined, which is ourselves, unless we are root. */
export function serverAccount(dataDir: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  return ownerOf(join(dataDir, 'cluster')) ?? accountNamed('postgres') ?? accountNamed('nobody')
}

/** The folder that holds the server's data, made ready: `dataDir`, or one of its own below `commons`. */
export async function dataHome(dataDir: string, account: Account | undefined, commons: string): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  const reachable = !account || canEnter(dirname(realpathSync(dataDir)), account)
  const home = reachable ? realpathSync(dataDir) : join(commons, await placeOf(dataDir))
  await mkdir(home, { recursive: true })
  if (account) await chown(home, account.uid, account.gid)
  await chmod(home, 0o700)
  return home
}

/** Written down in `dataDir`, so that whoever removes that folder starts afresh, as everywhere else. */
async function placeOf(dataDir: string): Promise<string> {
  const note = join(dataDir, 'place')
  await writeFile(note, `data-${randomBytes(8).toString('hex')}`, { flag: 'wx' }).catch((error: { code?: string }) => {
    if (error.code !== 'EEXIST') throw error
  })
  return readFile(note, 'utf8')
}

function canEnter(folder: string, account: Account): boolean {
  const { uid, gid, mode } = statSync(folder)
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
  return (mode & bit) !== 0 && (folder === dirname(folder) || canEnter(dirname(folder), account))
}

function ownerOf(path: string): Account | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined
}

function accountNamed(name: string): Account | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined
}
