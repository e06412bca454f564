// Every process of docker-compose.yml starts and serves with the variables that it is given there, and no others.
import { randomBytes } from 'node:crypto'
import { testDatabase } from '@switchyard/runtime/testing/database'
import { redisInstalled, startRedis } from '@switchyard/runtime/testing/redis'
import { SignJWT } from 'jose'
import postgres from 'postgres'
import { describe, expect, it, onTestFinished } from 'vitest'
import { command, dataFolder } from './command.ts'
import { compose, exampleSecrets } from './compose.ts'
import { freePort } from './processes.ts'
import { openSession } from './session.ts'

const services = ['identity', 'crm', 'support', 'commerce', 'audit', 'campaigns', 'worker', 'gateway']

describe.runIf(redisInstalled())('an installation by docker-compose.yml', () => {
  it('migrates, starts every process and serves, and no process but migrate can change the schema', async () => {
    const variables = exampleSecrets(() => randomBytes(32).toString('hex'))
    const database = await testDatabase()
    onTestFinished(database.drop)
    const redis = await startRedis(variables.REDIS_PASSWORD)
    onTestFinished(() => redis.stop())
    const login = `switchyard_app_${randomBytes(6).toString('hex')}`
    onTestFinished(() => database.run(`drop owned by "${login}"; drop role "${login}"`))
    const ports = new Map<string, number>()
    for (const name of services) ports.set(name, await freePort())

    const { services: composed } = compose(variables)
    const ownerUrl = new URL(database.url)
    const urlOf = (host: string) => new URL(host === 'redis' ? redis.url : database.url)
    /** The same variables, with the addresses at which the test's own servers and processes are. */
    const environmentOf = (name: string): Record<string, string> => {
      const local = Object.entries(composed[name]?.environment ?? {}).map(([variable, value]) => {
        if (variable === 'PORT') return [variable, String(ports.get(name))]
        const url = URL.parse(value)
        if (!url || variable === 'SMTP_URL') return [variable, value]
        const port = ports.get(url.hostname)
        url.host = port ? `127.0.0.1:${port}` : urlOf(url.hostname).host
        if (url.hostname && url.pathname === '/switchyard') url.pathname = ownerUrl.pathname
        if (url.username === 'switchyard')
          Object.assign(url, { username: ownerUrl.username, password: ownerUrl.password })
        if (url.username === 'switchyard_app') url.username = login
        return [variable, url.href]
      })
      return { ...Object.fromEntries(local), HOST: '127.0.0.1', DATA_DIR: dataFolder() }
    }

    const migrated = command(['migrate'], environmentOf('migrate'))
    expect([await migrated.exited, migrated.errors()]).toEqual([0, ''])
    for (const name of services) command(composed[name]?.command ?? [], environmentOf(name))
    for (const name of services) {
      const ready = () =>
        fetch(`http://127.0.0.1:${ports.get(name)}/ready`).then(
          ({ status }) => status,
          () => 0,
        )
      await expect.poll(ready, { timeout: 120_000 }).toBe(200)
    }

    const token = await new SignJWT({ sub: 'ada', role: 'ADMIN', name: 'Ada' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('10m')
      .sign(new TextEncoder().encode(variables.JWT_SECRET))
    const session = openSession(`http://127.0.0.1:${ports.get('gateway')}`, token, () => undefined)
    const input = { name: 'Ben', email: 'ben@company.example', password: 'a password of his own' }
    await session.ok('mutation ($input: CreateUserInput!) { createUser(input: $input) { id } }', { input })
    const anonymous = openSession(`http://127.0.0.1:${ports.get('gateway')}`, undefined, () => undefined)
    const { login: tokens } = await anonymous.ok<{ login: { accessToken: string } }>('Login', {
      input: { email: input.email, password: input.password },
    })
    const ben = openSession(`http://127.0.0.1:${ports.get('gateway')}`, tokens.accessToken, () => undefined)
    expect((await ben.ok<{ me: object }>('{ me { kind } }')).me).toEqual({ kind: 'USER' })
    const customer = { name: 'Anna', email: 'anna@customer.example' }
    await session.ok('mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { id } }', {
      input: customer,
    })
    // what happened has been through the worker
    const counted = async () => {
      const { auditEvents } = await session.ok<{ auditEvents: { totalCount: number } }>(
        '{ auditEvents { totalCount } }',
      )
      return auditEvents.totalCount
    }
    await expect.poll(counted, { timeout: 60_000 }).toBeGreaterThanOrEqual(2)

    const sql = postgres(environmentOf('crm').DATABASE_URL ?? '', { max: 1, onnotice: () => undefined })
    onTestFinished(() => sql.end())
    await expect(sql`select count(*) from identity.passwords`).rejects.toThrow('permission denied')
    await expect(sql`create table public.own (id int)`).rejects.toThrow('permission denied')
    await expect(sql`create role another`).rejects.toThrow('permission denied')
    await sql`set role switchyard_crm`
    await expect(sql`drop table crm.customers`).rejects.toThrow('must be owner')
  }, 300_000)
})
