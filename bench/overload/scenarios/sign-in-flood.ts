// Forty clients without a credential that try passwords, half of them thirty in one request, each from many addresses.
import { randomUUID } from 'node:crypto'
import { documents, openSession } from '../../../test/session.ts'
import { administrator } from '../../session.ts'
import { inLoops, scenario } from '../scenario.ts'

const loops = 40
const addressesOfEach = 200
const login = documents.get('Login') ?? ''

export default scenario<{ url: string }>({
  name: `sign-ins of ${loops} clients that guess passwords`,
  environment: { TRUSTED_PROXIES: 'loopback' },
  async prepare(shape) {
    const { ok } = await administrator(shape)
    const nobody = openSession(shape.url, undefined, () => undefined)
    let visits = 0
    const signIn = async (client: string) => {
      const input = { email: 'manager@demo.example', password: 'switchyard-demo' }
      const { errors } = await nobody.send(login, { input }, { 'x-forwarded-for': client })
      if (errors.length > 0) throw new Error(JSON.stringify(errors))
    }
    await signIn('198.51.100.1')
    return {
      input: { url: shape.url },
      probes: {
        '{ __typename }': () => ok('{ __typename }'),
        customers: () => ok('{ customers(first: 5) { nodes { name } } }'),
        'sign-in from a known client': () => signIn('198.51.100.1'),
        'sign-in from a new client': () => signIn(`198.51.101.${visits++ % 256}`),
      },
    }
  },
  load({ url }, signal) {
    const { send } = openSession(url, undefined, () => undefined)
    let requests = 0
    return inLoops(loops, signal, async (loop) => {
      const headers = { 'x-forwarded-for': `203.0.${loop}.${requests++ % addressesOfEach}` }
      const { status } = await (loop % 2
        ? send(manyLogins(), {}, headers)
        : send(login, { input: { email: aGuess(), password: 'a guess' } }, headers))
      return `${loop % 2 ? 'thirty' : 'one'}: HTTP ${status}`
    })
  },
})

const aGuess = () => `${randomUUID()}@demo.example`

const manyLogins = () => {
  const fields = Array.from(
    { length: 30 },
    (_, at) => `a${at}: login(input: { email: "${aGuess()}", password: "a guess" }) { accessToken }`,
  )
  return `mutation { ${fields.join(' ')} }`
}
