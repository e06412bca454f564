// An agent who counts all deals that they may see, ten times at once, where there are a million: each count reads the
// whole table and ends by running out of time, or nearly.
import { openSession } from '../../../test/session.ts'
import { administrator } from '../../session.ts'
import { inLoops, scenario } from '../scenario.ts'

const rows = 1_000_000
const parallel = 10

/** The indexes that the requests here may use; the others would take minutes to be made. */
const used = `'customers_of_owner', 'deals_of_owner', 'deals_newest', 'deals_of_customer'`

/** A customer and a deal each, three tenths of them the agent's who counts; nobody searches here. */
const statements = `
  set session_replication_role = replica;
  alter table crm.customers alter column search drop expression, alter column search set default '';
  alter table crm.deals alter column search drop expression, alter column search set default '';
  create temporary table agent as select id from identity.users where email = 'agent@demo.example';
  insert into crm.customers (id, created_at, updated_at, version, name, status, owner_id)
  select gen_random_uuid(), moment, moment, 1, 'Customer ' || n, 'LEAD', case when n % 10 < 3 then agent.id end
  from generate_series(1, ${rows}) as n, agent, lateral (select now() - n * interval '1 second' as moment) as made;
  create temporary table numbered as select id, row_number() over () as n from crm.customers;
  insert into crm.deals (id, created_at, updated_at, version, title, amount, currency, status, pipeline_id, stage_id, customer_id, owner_id)
  select gen_random_uuid(), moment, moment, 1, 'Deal ' || n, n, 'EUR', 'OPEN', stage.pipeline_id, stage.id, numbered.id,
    case when n % 10 < 3 then agent.id end
  from numbered, agent, lateral (select now() - n * interval '1 second' as moment) as made,
    (select id, pipeline_id from crm.stages where kind = 'OPEN' limit 1) as stage;
  analyze crm.customers;
  analyze crm.deals;`

export default scenario<{ url: string; token: string }>({
  name: `${parallel} counts at once of one agent's deals among ${rows}`,
  async prepare(shape) {
    const indexes = await shape.rows(`
      select indexname as name, indexdef as definition, indexname in (${used}) as "isUsed" from pg_indexes
      where schemaname = 'crm' and tablename in ('customers', 'deals') and indexname not like '%_pkey'`)
    // A million rows are made much faster without them.
    await shape.rows(indexes.map(({ name }) => `drop index crm.${name}`).join(';'))
    await shape.rows(statements)
    await shape.rows(
      indexes
        .filter(({ isUsed }) => isUsed)
        .map(({ definition }) => definition)
        .join(';'),
    )
    const admin = await administrator(shape)
    const { customers } = await admin.ok<{ customers: { nodes: { id: string }[] } }>(
      '{ customers(first: 1) { nodes { id } } }',
    )
    const id = customers.nodes[0]?.id
    const nobody = openSession(shape.url, undefined, () => undefined)
    const input = { email: 'agent@demo.example', password: 'switchyard-demo' }
    const { login } = await nobody.ok<{ login: { accessToken: string } }>('Login', { input })
    return {
      input: { url: shape.url, token: login.accessToken },
      probes: {
        'one customer': () => admin.ok('query ($id: ID!) { customer(id: $id) { id name } }', { id }),
        '{ __typename }': () => admin.ok('{ __typename }'),
      },
    }
  },
  load({ url, token }, signal) {
    const { send } = openSession(url, token, () => undefined)
    // Another filter each time: identical questions in flight are one.
    let asked = 0
    return inLoops(parallel, signal, async () => {
      const filter = { createdAt: { gt: new Date(asked++).toISOString() } }
      const query = 'query ($filter: DealFilter) { deals(filter: $filter) { totalCount } }'
      const { data, errors } = await send<{ deals: object | null }>(query, { filter })
      return data?.deals ? 'counted' : String(errors[0]?.extensions.code)
    })
  },
})
