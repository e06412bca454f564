import { migrate } from '@switchyard/runtime/database/migrate'
import { testDatabase } from '@switchyard/runtime/testing/database'
import { testLog } from '@switchyard/runtime/testing/log'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graph } from '../graph.ts'

describe('migrations', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database.drop())

  it('bring an empty database up to date, though three processes begin at once, and change nothing when run again', async () => {
    const log = testLog()
    const all = async () => {
      for (const { name, install } of graph) await migrate({ url: database.url, schema: name, install, log })
    }
    await Promise.all([all(), all(), all()])
    await expect(all()).resolves.toBeUndefined()
  })
})
