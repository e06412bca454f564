// What is measured: questions of the console, each with the one SQL statement that somebody would write for it.
import { customer360 } from './customer-360.ts'

export type Question = {
  readonly name: string
  readonly query: string
  variables(ask: Ask): Promise<Record<string, unknown>>
  /** Answers the same as JSON, for an administrator; `$1` is the first of `parameters`. */
  readonly sql: string
  parameters(variables: Record<string, unknown>): string[]
}

export type Ask = <Data>(query: string, variables?: Record<string, unknown>) => Promise<Data>

export const questions: readonly Question[] = [
  {
    name: 'deal board',
    query: `query ($pipelineId: ID!) {
      pipeline(id: $pipelineId) {
        id name
        stages {
          id name
          deals(first: 20) {
            totalCount
            totalAmounts { amount currency }
            nodes { id title amount { amount currency } probability expectedCloseOn customer { id name } }
          }
        }
      }
    }`,
    async variables(ask) {
      const { pipelines } = await ask<{ pipelines: { id: string }[] }>('{ pipelines { id } }')
      return { pipelineId: pipelines[0]?.id }
    },
    sql: `
      select p.id, p.name, (
        select json_agg(json_build_object('id', s.id, 'name', s.name, 'count', f.count, 'sums', f.sums, 'deals', d.deals) order by s.position)
        from crm.stages s
        cross join lateral (
          select sum(n) as count, json_agg(json_build_object('amount', total::text, 'currency', currency)) as sums
          from (select count(*) as n, sum(amount) as total, currency from crm.deals where stage_id = s.id and deleted_at is null group by currency) x
        ) f
        cross join lateral (
          select json_agg(json_build_object('id', t.id, 'title', t.title, 'amount', t.amount::text, 'currency', t.currency,
            'probability', coalesce(t.probability, s.probability), 'expectedCloseOn', t.expected_close_on, 'customer', json_build_object('id', t.customer_id, 'name', t.customer))) as deals
          from (
            select o.*, c.name as customer from crm.deals o join crm.customers c on c.id = o.customer_id
            where o.stage_id = s.id and o.deleted_at is null order by o.created_at desc, o.id desc limit 20
          ) t
        ) d
        where s.pipeline_id = p.id
      ) as stages
      from crm.pipelines p where p.id = $1`,
    parameters: ({ pipelineId }) => [String(pipelineId)],
  },
  {
    name: 'customers with deals',
    query: `{
      customers(first: 20) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { id name email status company { id name } tags { id name } deals(first: 5) { totalCount nodes { id title status amount { amount currency } stage { id name } } } }
      }
    }`,
    variables: async () => ({}),
    sql: `
      select (select count(*) from crm.customers where deleted_at is null) as count, json_agg(json_build_object(
        'id', c.id, 'name', c.name, 'email', c.email, 'status', c.status, 'company', json_build_object('id', o.id, 'name', o.name),
        'tags', (select json_agg(json_build_object('id', t.id, 'name', t.name)) from crm.tags t where t.id = any(c.tag_ids)),
        'dealCount', (select count(*) from crm.deals d where d.customer_id = c.id and d.deleted_at is null),
        'deals', (
          select json_agg(json_build_object('id', d.id, 'title', d.title, 'status', d.status, 'amount', d.amount::text, 'currency', d.currency, 'stage', json_build_object('id', s.id, 'name', s.name)))
          from (select * from crm.deals where customer_id = c.id and deleted_at is null order by created_at desc, id desc limit 5) d
          join crm.stages s on s.id = d.stage_id
        )) order by c.created_at desc, c.id desc) as customers
      from (select * from crm.customers where deleted_at is null order by created_at desc, id desc limit 20) c
      left join crm.companies o on o.id = c.company_id`,
    parameters: () => [],
  },
  customer360,
]
