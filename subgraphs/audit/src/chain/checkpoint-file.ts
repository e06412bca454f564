// The copy of the checkpoints outside of the database: a file below DATA_DIR, to which each is appended as a line of JSON.
import { createReadStream } from 'node:fs'
import { appendFile, mkdir, open, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import type { Checkpoint } from './checkpoint.ts'

/** Some hundred lines; a checkpoint takes about 330 bytes. */
const tailBytes = 65_536

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const line = z.object({
  sequence: z
    .string()
    .regex(/^\d{1,18}$/)
    .transform(BigInt),
  hash,
  keyId: z.string(),
  previousHash: hash.nullable(),
  sealedAt: z.iso.datetime().transform((moment) => new Date(moment)),
  signature: z.string(),
})

export type CheckpointFile = ReturnType<typeof checkpointFile>

/** As it stands in the file and in the log. */
export const plainCheckpoint = ({ sequence, hash, keyId, previousHash, createdAt, signature }: Checkpoint) => ({
  sequence: String(sequence),
  hash,
  keyId,
  previousHash,
  sealedAt: createdAt.toISOString(),
  signature,
})

export function checkpointFile(dataDir: string) {
  const path = join(dataDir, 'audit-checkpoints.jsonl')
  return {
    /** The checkpoint with the highest sequence at the end of the file; undefined where there is no file. */
    async last(): Promise<Checkpoint | undefined> {
      const found = (await tailOf(path)).split('\n').flatMap(checkpointIn)
      return found.reduce<Checkpoint | undefined>(
        (last, each) => (last && last.sequence >= each.sequence ? last : each),
        undefined,
      )
    },

    /** Resolves once it is on the disk. */
    async append(checkpoint: Checkpoint): Promise<void> {
      await mkdir(dataDir, { recursive: true })
      // a line that a crash has cut ends here
      const tail = await tailOf(path)
      const separator = tail === '' || tail.endsWith('\n') ? '' : '\n'
      const added = `${separator}${JSON.stringify(plainCheckpoint(checkpoint))}\n`
      await appendFile(path, added, { mode: 0o600, flush: true })
      if (tail === '') await synced(dirname(path))
    },
  }
}

/** None where a crash has cut the line. */
function checkpointIn(json: string): Checkpoint[] {
  try {
    const { sealedAt, ...rest } = line.parse(JSON.parse(json))
    return [{ ...rest, createdAt: sealedAt }]
  } catch {
    return []
  }
}

/** So that a new file is in its folder, whatever happens. */
async function synced(folder: string): Promise<void> {
  const handle = await open(folder)
  await handle.sync().finally(() => handle.close())
}

async function tailOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    return await text(createReadStream(path, { start: Math.max(0, size - tailBytes) }))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
