// One customer as six subgraphs know it: as one question, and as one statement that joins what they never may.
import { documents } from '../test/session.ts'
import type { Question } from './questions.ts'

export const customer360: Question = {
  name: 'Customer360, of six subgraphs',
  query: documents.get('Customer360') ?? '',
  async variables(ask) {
    const { customers } = await ask<{ customers: { nodes: { id: string }[] } }>(
      '{ customers(search: "Anna Northwind", first: 1) { nodes { id } } }',
    )
    return { id: customers.nodes[0]?.id }
  },
  sql: `
    select c.id, c.name, c.email, c.status, json_build_object('id', u.id, 'name', u.name, 'email', u.email) as owner, (
      select json_build_object('totalCount', max(d.count), 'nodes', json_agg(json_build_object('id', d.id, 'title', d.title,
        'stage', json_build_object('name', s.name), 'amount', json_build_object('amount', d.amount::text, 'currency', d.currency)) order by d.created_at desc, d.id desc))
      from (
        select *, count(*) over () from crm.deals where customer_id = c.id and deleted_at is null order by created_at desc, id desc limit 5
      ) d join crm.stages s on s.id = d.stage_id
    ) as deals, (
      select json_build_object('totalCount', max(o.count), 'nodes', json_agg(json_build_object('id', o.id, 'number', o.number, 'status', o.status,
        'placedAt', o.placed_at, 'total', json_build_object('amount', o.total::text, 'currency', o.currency), 'lines', (
          select json_agg(json_build_object('quantity', l.quantity, 'product', json_build_object('id', p.id, 'name', p.name)) order by l.position)
          from commerce.order_lines l join commerce.products p on p.id = l.product_id where l.order_id = o.id
        )) order by o.created_at desc, o.id desc))
      from (select *, count(*) over () from commerce.orders where customer_id = c.id order by created_at desc, id desc limit 5) o
    ) as orders, (
      select json_build_object('totalCount', max(t.count), 'nodes', json_agg(json_build_object('id', t.id, 'number', t.number, 'subject', t.subject,
        'status', t.status, 'priority', t.priority, 'assignee', case when a.id is not null then json_build_object('id', a.id, 'name', a.name) end) order by t.created_at desc, t.id desc))
      from (
        select *, count(*) over () from support.tickets where customer_id = c.id and deleted_at is null order by created_at desc, id desc limit 5
      ) t left join identity.users a on a.id = t.assignee_id
    ) as tickets, (
      select json_build_object('nodes', json_agg(json_build_object('id', m.id, 'channel', m.channel, 'status', m.status,
        'campaign', json_build_object('id', k.id, 'name', k.name), 'sentAt', m.sent_at) order by m.created_at desc, m.id desc))
      from (select * from campaigns.messages where customer_id = c.id order by created_at desc, id desc limit 5) m
      join campaigns.campaigns k on k.id = m.campaign_id
    ) as messages, (
      select json_build_object('nodes', json_agg(json_build_object('id', e.id, 'at', e.at, 'action', e.action,
        'actor', case when a.id is not null then json_build_object('id', a.id, 'name', a.name) end, 'changes', x.changes) order by e.at desc, e.id desc))
      from (select * from audit.events where entity_id = c.id order by at desc, id desc limit 5) e
      left join audit.details x on x.event_id = e.id
      left join identity.users a on e.actor_kind = 'USER' and a.id::text = e.actor_id
    ) as "auditTrail"
    from crm.customers c left join identity.users u on u.id = c.owner_id
    where c.id = $1 and c.deleted_at is null`,
  parameters: ({ id }) => [String(id)],
}
