import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allInOne, type Shape, spreadOut } from './processes.ts'
import { documents, openSession, type Session } from './session.ts'

type Changed = { dealChanged: { kind: string; deal: { id: string; stage: { id: string } } } }
type Tokens = { login: { accessToken: string; refreshToken: string; viewer: { id: string; roles: string[] } } }

const shapes: readonly [string, () => Promise<Shape>][] = [
  ['all in one', allInOne],
  ['spread out', spreadOut],
]

describe.each(shapes)('the whole stack, %s', (_, start) => {
  let shape: Shape
  const closing: (() => Promise<void>)[] = []
  const signedIn = async (login: string): Promise<Session> => {
    const nobody = openSession(shape.url, undefined, () => undefined)
    const input = { email: `${login}@demo.example`, password: 'switchyard-demo' }
    const { login: tokens } = await nobody.ok<Tokens>('Login', { input })
    return openSession(shape.url, tokens.accessToken, (close) => closing.push(close))
  }
  /** Two open stages of the default pipeline, and a deal of this session's that stands in the first of them. */
  async function aMove(session: Session) {
    const { pipelines } = await session.ok<{ pipelines: { id: string; stages: { id: string; kind: string }[] }[] }>(
      'Pipelines',
    )
    const [pipeline] = pipelines
    const [from, to] = pipeline?.stages.filter(({ kind }) => kind === 'OPEN') ?? []
    const { customers } = await session.ok<{ customers: { nodes: { id: string }[] } }>('CustomerList', { first: 1 })
    const input = { title: 'Moved about', customerId: customers.nodes[0]?.id, stageId: from?.id }
    const { createDeal } = await session.ok<{ createDeal: { id: string } }>('CreateDeal', { input })
    const move = (stage: typeof from) => session.ok('MoveDeal', { input: { id: createDeal.id, stageId: stage?.id } })
    return { pipelineId: pipeline?.id ?? '', dealId: createDeal.id, from, to, move }
  }

  /** Waits until what happened so far has been published: a subscription opened then hears of what comes later. */
  const published = () =>
    expect.poll(() => shape.rows('select 1 from crm.outbox where position is null'), { timeout: 10_000 }).toEqual([])

  beforeAll(async () => {
    shape = await start()
  }, 120_000)
  afterAll(async () => {
    for (const close of closing) await close()
    await shape.end()
  }, 60_000)

  it('has a demo world in which everybody can sign in', async () => {
    for (const login of ['admin', 'manager', 'agent', 'agent2', 'analyst', 'viewer']) {
      const session = await signedIn(login)
      expect((await session.ok<{ me: object }>('Me')).me).toMatchObject({
        kind: 'USER',
        user: { email: `${login}@demo.example` },
      })
    }
    const manager = await signedIn('manager')
    const { customers } = await manager.ok<{ customers: { totalCount: number } }>('CustomerList', { first: 1 })
    expect(customers.totalCount).toBe(220)
    const anna = await manager.ok<{ customers: { nodes: { id: string }[] } }>('CustomerList', {
      search: 'anna@northwind.example',
    })
    expect(anna.customers.nodes).toHaveLength(1)
  })

  it('answers a question that two subgraphs share', async () => {
    const manager = await signedIn('manager')
    const query =
      '{ customers(first: 3, filter: { ownerId: { isNull: false } }) { nodes { name owner { name } deals(first: 2) { nodes { title } } } } }'
    const { customers } = await manager.ok<{ customers: { nodes: { owner: { name: string } }[] } }>(query)
    expect(customers.nodes.every(({ owner }) => owner.name.length > 0)).toBe(true)
  })

  it('runs every query of the known clients as it stands', async () => {
    const admin = await signedIn('admin')
    const agent = await signedIn('agent')
    const { pipelineId, dealId } = await aMove(agent)
    const { customers, campaigns } = await admin.ok<Record<'customers' | 'campaigns', { nodes: { id: string }[] }>>(
      '{ customers(first: 1, search: "anna@northwind.example") { nodes { id } } campaigns(first: 1) { nodes { id } } }',
    )
    const variables: Record<string, Record<string, unknown>> = {
      Customer360: { id: customers.nodes[0]?.id },
      CampaignProgress: { id: campaigns.nodes[0]?.id },
      DealBoard: { pipelineId, first: 5 },
      DealHistory: { id: dealId },
    }
    for (const [name, text] of documents) {
      if (text.startsWith('query')) await admin.ok(name, variables[name] ?? {})
    }
  })

  it('shows a move to a subscriber in far less than 100 ms', async () => {
    const agent = await signedIn('agent')
    const { pipelineId, dealId, from, to, move } = await aMove(agent)
    await published()
    const changes = await agent.subscribe<Changed>('DealChanged', { pipelineId })
    const delays: number[] = []
    for (let round = 0; round < 11; round++) {
      const moving = move(round % 2 ? from : to)
      const arrived = changes.next().then(() => performance.now())
      await moving
      const answered = performance.now()
      delays.push((await arrived) - answered)
    }
    await changes.close()
    expect(dealId).toBeTruthy()
    expect(delays.sort((a, b) => a - b)[5]).toBeLessThan(100)
  })

  it('keeps its process up when the database ends a connection in the middle of a transaction', async () => {
    const agent = await signedIn('agent')
    const { from, to, move } = await aMove(agent)
    const moves = Array.from({ length: 20 }, (_, round) =>
      sleep(round * 5)
        .then(() => move(round % 2 ? from : to))
        .catch((error: Error) => error.message),
    )
    await sleep(30)
    await shape.cut('crm')
    for (const outcome of await Promise.all(moves)) {
      if (typeof outcome === 'string') expect(outcome).toMatch(/SERVICE_UNAVAILABLE|INVALID_TRANSITION/)
    }
    await expect
      .poll(() => agent.send('CustomerList', { first: 1 }).then(({ errors }) => errors), { timeout: 10_000 })
      .toEqual([])
  })

  it('publishes every event once, though connections end while it does', async () => {
    const agent = await signedIn('agent')
    const { pipelineId, dealId, from, to, move } = await aMove(agent)
    await published()
    // Of the event itself only: what is read again for it may fail for a moment.
    const changes = await agent.subscribe<{ dealChanged: { cursor: string; dealId: string } }>(
      'subscription ($pipelineId: ID) { dealChanged(pipelineId: $pipelineId) { cursor dealId } }',
      { pipelineId },
    )
    // Whoever moves again after an answer was lost may find the deal moved already.
    const moved = (stage: typeof from) =>
      move(stage).then(
        () => true,
        (error: Error) => error.message.includes('INVALID_TRANSITION') || error.message,
      )
    const seen: { cursor: string; dealId: string }[] = []
    for (let round = 0; round < 6; round++) {
      await expect.poll(() => moved(round % 2 ? from : to), { timeout: 10_000 }).toBe(true)
      if (round === 2) await shape.cut('crm')
      seen.push((await changes.next()).dealChanged)
    }
    expect(seen.map((change) => change.dealId)).toEqual(Array(6).fill(dealId))
    expect(new Set(seen.map((change) => change.cursor)).size).toBe(6)
    await changes.nothing(300)
    await changes.close()
  })

  it('ends a session for every process within a second', async () => {
    const agent = await signedIn('agent2')
    await agent.ok('Me')
    await agent.ok('Logout')
    await expect.poll(() => agent.send('Me').then(({ status }) => status), { timeout: 1000, interval: 50 }).toBe(401)
  })

  it('answers 401 to a wrong token', async () => {
    const { status, errors } = await openSession(shape.url, 'wrong', () => undefined).send('Me')
    expect({ status, code: errors[0]?.extensions.code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' })
  })
})

describe('a process that is told to end', () => {
  it('answers what is in flight, and ends with 0 within 15 seconds', async () => {
    const shape = await allInOne()
    const nobody = openSession(shape.url, undefined, () => undefined)
    const { login } = await nobody.ok<Tokens>('Login', {
      input: { email: 'manager@demo.example', password: 'switchyard-demo' },
    })
    const manager = openSession(shape.url, login.accessToken, () => undefined)
    const asked = Array.from({ length: 20 }, () => manager.send('CustomerList', { first: 100 }))
    await sleep(20)
    const began = Date.now()
    const [code, ...answers] = await Promise.all([shape.processes.gateway?.end('SIGTERM'), ...asked])
    expect(code).toBe(0)
    expect(Date.now() - began).toBeLessThan(15_000)
    expect(answers.flatMap(({ errors }) => errors)).toEqual([])
    await shape.end()
  }, 60_000)
})

describe('processes that fail', () => {
  let shape: Shape
  let agent: Session
  beforeAll(async () => {
    shape = await spreadOut()
    const { login } = await openSession(shape.url, undefined, () => undefined).ok<Tokens>('Login', {
      input: { email: 'agent@demo.example', password: 'switchyard-demo' },
    })
    agent = openSession(shape.url, login.accessToken, () => undefined)
  }, 120_000)
  afterAll(() => shape.end(), 60_000)

  it('cost only the fields of the subgraph that was killed, until it is there again', async () => {
    await shape.processes.crm?.end('SIGKILL')
    const { status, data, errors } = await agent.send<{ me: object }>('{ me { id } customers { totalCount } }')
    expect({ status, data, codes: errors.map(({ extensions }) => extensions.code) }).toMatchObject({
      status: 200,
      data: { me: {}, customers: null },
      codes: ['SERVICE_UNAVAILABLE'],
    })
    await shape.processes.crm?.start()
    await expect.poll(() => agent.send('CustomerList').then(({ errors }) => errors), { timeout: 5000 }).toEqual([])
  })

  it('let those who are known work on while identity is down', async () => {
    await agent.ok('Me')
    await shape.processes.identity?.end('SIGKILL')
    const { customers } = await agent.ok<{ customers: { totalCount: number } }>('{ customers { totalCount } }')
    expect(customers.totalCount).toBeGreaterThan(0)
    const { status } = await openSession(shape.url, 'somebody-new', () => undefined).send('CustomerList')
    expect(status).toBe(503)
    await shape.processes.identity?.start()
    await expect.poll(() => agent.send('Me').then(({ errors }) => errors), { timeout: 5000 }).toEqual([])
  })

  it('do not keep the gateway from starting', async () => {
    await shape.processes.crm?.end('SIGTERM')
    await shape.processes.gateway?.end('SIGTERM')
    await shape.processes.gateway?.start()
    expect((await agent.send('Me')).errors).toEqual([])
    await shape.processes.crm?.start()
    await expect.poll(() => agent.send('CustomerList').then(({ errors }) => errors), { timeout: 5000 }).toEqual([])
  })

  it('lose no event and no reaction when the worker is killed', async () => {
    await shape.processes.worker?.end('SIGKILL')
    const admin = await signIn('admin')
    const email = `${crypto.randomUUID()}@example.com`
    const { createUser } = await admin.ok<{ createUser: { id: string } }>('CreateUser', {
      input: { name: 'Late', email, password: 'long enough' },
    })
    const known = () => shape.rows(`select name from crm.users where id = '${createUser.id}'`)
    expect(await known()).toEqual([])
    await shape.processes.worker?.start()
    await expect.poll(known, { timeout: 10_000 }).toEqual([{ name: 'Late' }])
  })

  it.runIf(process.env.REDIS_TEST_URL)('keep writing and publishing while Redis is down', async () => {
    await shape.redis?.stop()
    const { pipelines } = await agent.ok<{ pipelines: { id: string }[] }>('Pipelines')
    const changes = await agent.subscribe<Changed>('DealChanged', { pipelineId: pipelines[0]?.id })
    const { customers } = await agent.ok<{ customers: { nodes: { id: string }[] } }>('CustomerList', { first: 1 })
    const began = Date.now()
    await agent.ok('CreateDeal', { input: { title: 'Without Redis', customerId: customers.nodes[0]?.id } })
    expect(Date.now() - began).toBeLessThan(1000)
    expect((await changes.next()).dealChanged.kind).toBe('CREATED')
    await shape.redis?.start()
    await agent.ok('CreateDeal', { input: { title: 'With Redis', customerId: customers.nodes[0]?.id } })
    expect((await changes.next()).dealChanged.kind).toBe('CREATED')
    await changes.close()
  })

  const signIn = async (login: string) => {
    const tokens = await openSession(shape.url, undefined, () => undefined).ok<Tokens>('Login', {
      input: { email: `${login}@demo.example`, password: 'switchyard-demo' },
    })
    return openSession(shape.url, tokens.login.accessToken, () => undefined)
  }
})
