// Keeps an old answer from bringing back what a mirror has just forgotten: an answer is asked for and kept in one
// transaction, and whoever may forget the entity waits for its end.
import { sql } from 'drizzle-orm'
import type { Db } from '../database/pool.ts'
import type { Scope } from './scope.ts'

type Work<Result> = (db: Db) => Promise<Result>

/** Three ways to ask the owner: for some entities beside others who ask; for one, alone; for all of them, alone. */
export function answersKept({ db, subgraph }: Pick<Scope, 'db' | 'subgraph'>, entity: string) {
  const all = `${subgraph} mirrors ${entity}`
  // Sixteen locks for all ids: a lock each would fill the server's table of locks where thousands are asked for.
  const one = (id: string) => `${all} …${id.slice(-1)}`

  const shared = (inner: Db, keys: readonly string[]) =>
    inner.execute(
      sql`select pg_advisory_xact_lock_shared(hashtextextended(key, 0)) from unnest(${sql.param(keys)}::text[]) as key`,
    )
  const alone = (inner: Db, key: string) =>
    inner.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`)
  const locked = <Result>(lock: Work<unknown>, work: Work<Result>): Promise<Result> =>
    db.transaction(async (inner) => {
      const its = inner as unknown as Db
      await lock(its)
      return work(its)
    })

  return {
    of: <Result>(ids: readonly string[], work: Work<Result>) =>
      locked((inner) => shared(inner, [all, ...new Set(ids.map(one))]), work),
    ofOne: <Result>(id: string, work: Work<Result>) =>
      locked(async (inner) => {
        await shared(inner, [all])
        await alone(inner, one(id))
      }, work),
    ofAll: <Result>(work: Work<Result>) => locked((inner) => alone(inner, all), work),
  }
}
