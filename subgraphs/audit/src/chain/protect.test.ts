import { world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

describe('PostgreSQL', () => {
  const refused = (statement: string, run: (text: string) => Promise<unknown>) =>
    expect(run(statement), statement).rejects.toMatchObject({ code: '42501' })

  it('lets audit itself add to the log and read it, and nothing else', async () => {
    const { app } = await world()
    const { sql } = app.subgraph('audit').database
    for (const table of ['events', 'details', 'checkpoints']) {
      for (const statement of [`delete from audit.${table}`, `truncate audit.${table}`, `drop table audit.${table}`])
        await refused(statement, (text) => sql.unsafe(text))
    }
    await refused(`update audit.events set action = ''`, (text) => sql.unsafe(text))
    await refused(`update audit.details set salt = ''`, (text) => sql.unsafe(text))
    await refused(`delete from audit.heads`, (text) => sql.unsafe(text))
    await refused(`alter table audit.events disable trigger all`, (text) => sql.unsafe(text))
  })

  it('refuses changes to the log to everybody, the owner among them', async () => {
    const { app } = await world()
    for (const statement of [
      `update audit.events set action = ''`,
      'delete from audit.events',
      'truncate audit.events',
      `update audit.checkpoints set hash = ''`,
      'delete from audit.checkpoints',
      `update audit.details set salt = ''`,
      'truncate audit.details',
    ])
      await refused(statement, app.database.run)
    await refused(`set session_replication_role = replica; delete from audit.events`, app.database.run)
  })
})
