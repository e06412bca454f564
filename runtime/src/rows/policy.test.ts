import { pgSchema, timestamp, uuid } from 'drizzle-orm/pg-core'
import { drizzle } from 'drizzle-orm/postgres-js'
import fc from 'fast-check'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../database/pool.ts'
import { testDatabase } from '../testing/database.ts'
import { anonymous, type PermissionScope, type Viewer } from '../viewer/viewer.ts'
import { allowed, factsOf, type Row } from './facts.ts'
import {
  type Action,
  any,
  everyones,
  owned,
  type RowPolicy,
  rowPolicy,
  seenThrough,
  through,
  unowned,
} from './policy.ts'
import { allowedSql } from './policy-sql.ts'

const schema = pgSchema('shop')
const firms = schema.table('firms', {
  id: uuid().primaryKey(),
  ownerId: uuid(),
  concessionId: uuid(),
  deletedAt: timestamp(),
})
const sales = schema.table('sales', {
  id: uuid().primaryKey(),
  ownerId: uuid(),
  helperId: uuid(),
  firmId: uuid(),
  concessionId: uuid(),
})
const remarks = schema.table('remarks', { id: uuid().primaryKey(), saleId: uuid(), concessionId: uuid() })

const firmPolicy = rowPolicy('shop.firm', firms, owned('ownerId'))
const salePolicy = rowPolicy(
  'shop.sale',
  sales,
  any(owned('ownerId'), owned('helperId'), through(sales.firmId, firmPolicy)),
)
const remarkPolicy = seenThrough('shop.remark', remarks, remarks.saleId, salePolicy)
const queuePolicy = rowPolicy(
  'shop.sale',
  sales,
  any(owned('helperId'), unowned('helperId'), through(sales.firmId, firmPolicy)),
)
const wordPolicy = everyones('shop.firm', firms)

const id = (n: number) => `019a0000-0000-7000-8000-00000000000${n}`
const ids = fc.integer({ min: 1, max: 3 }).map(id)
const maybe = fc.option(ids, { nil: null })
const scopes = fc.option(fc.constantFrom<PermissionScope>('own', 'team', 'all'), { nil: undefined })
const actions = fc.constantFrom<Action>('read', 'update', 'delete', 'create')

const viewers: fc.Arbitrary<Viewer> = fc
  .record({
    kind: fc.constantFrom<Viewer['kind']>('USER', 'SERVICE', 'PARTNER'),
    id: ids,
    reports: fc.array(ids),
    concessionId: maybe,
    firm: scopes,
    sale: scopes,
  })
  .map(({ firm, sale, ...viewer }) => ({
    ...anonymous,
    ...viewer,
    permissions: Object.fromEntries(
      (['read', 'update', 'delete', 'create'] as const).flatMap((action) => [
        ...(firm ? [[`shop.firm.${action}`, firm]] : []),
        ...(sale ? [[`shop.sale.${action}`, sale]] : []),
      ]),
    ),
  }))

const worlds = fc.record({
  firm: fc.record({ ownerId: maybe, concessionId: maybe, isDeleted: fc.boolean() }),
  sale: fc.record({ ownerId: maybe, helperId: maybe, hasFirm: fc.boolean(), concessionId: maybe }),
  remark: fc.record({ hasSale: fc.boolean(), concessionId: maybe }),
})

describe('a row policy', () => {
  let db: Db
  let close: () => Promise<void>
  beforeAll(async () => {
    const database = await testDatabase()
    const sql = postgres(database.url, { max: 1 })
    await sql.unsafe(`
      create schema shop;
      create table shop.firms (id uuid primary key, owner_id uuid, concession_id uuid, deleted_at timestamp);
      create table shop.sales (id uuid primary key, owner_id uuid, helper_id uuid, firm_id uuid, concession_id uuid);
      create table shop.remarks (id uuid primary key, sale_id uuid, concession_id uuid)`)
    db = drizzle(sql, { casing: 'snake_case' })
    close = async () => {
      await sql.end()
      await database.drop()
    }
  })
  afterAll(() => close())

  const saysTheSame = async (policy: RowPolicy, row: Row, viewer: Viewer, action: Action) => {
    const seen = await db
      .select()
      .from(policy.table)
      .where(allowedSql(policy, viewer, action))
    expect(allowed(policy, viewer, action, await factsOf(db, policy, row))).toBe(seen.length === 1)
  }

  it('says the same of a row in SQL and in memory, whoever asks and whatever the row', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, viewers, actions, async ({ firm, sale, remark }, viewer, action) => {
        await db.delete(firms)
        await db.delete(sales)
        await db.delete(remarks)
        const { isDeleted, ...ofFirm } = firm
        const { hasFirm, ...ofSale } = sale
        const rows = {
          firm: { id: id(7), ...ofFirm, deletedAt: isDeleted ? new Date() : null },
          sale: { id: id(8), ...ofSale, firmId: hasFirm ? id(7) : null },
          remark: { id: id(9), concessionId: remark.concessionId, saleId: remark.hasSale ? id(8) : null },
        }
        await db.insert(firms).values(rows.firm)
        await db.insert(sales).values(rows.sale)
        await db.insert(remarks).values(rows.remark)
        await saysTheSame(firmPolicy as unknown as RowPolicy, rows.firm, viewer, action)
        await saysTheSame(salePolicy as unknown as RowPolicy, rows.sale, viewer, action)
        await saysTheSame(queuePolicy as unknown as RowPolicy, rows.sale, viewer, action)
        await saysTheSame(remarkPolicy as unknown as RowPolicy, rows.remark, viewer, action)
        await saysTheSame(wordPolicy as unknown as RowPolicy, rows.firm, viewer, action)
      }),
      { numRuns: 300 },
    )
  })

  it('shows nothing to those whose role has no such permission', async () => {
    await db.delete(firms)
    await db.insert(firms).values({ id: id(1), ownerId: id(2) })
    const nobody = { ...anonymous, kind: 'USER' as const, id: id(2) }
    expect(
      await db
        .select()
        .from(firms)
        .where(allowedSql(firmPolicy as unknown as RowPolicy, nobody, 'read')),
    ).toEqual([])
  })
})
