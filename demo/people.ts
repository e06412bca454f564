// Who works at the demo company. All of them sign in with the same password.
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { service, type Viewer } from '@switchyard/runtime/viewer/viewer'
import { asker } from './ask.ts'

export const password = 'switchyard-demo'
export const partnerKey = 'swp_switchyard-demo-partner'

export const staff = [
  { login: 'admin', name: 'Ada Admin', role: 'ADMIN' },
  { login: 'manager', name: 'Mona Manager', role: 'MANAGER' },
  { login: 'agent', name: 'Arthur Agent', role: 'AGENT' },
  { login: 'agent2', name: 'Agnes Agent', role: 'AGENT' },
  { login: 'analyst', name: 'Anton Analyst', role: 'ANALYST' },
  { login: 'viewer', name: 'Vera Viewer', role: 'VIEWER' },
] as const

export type Login = (typeof staff)[number]['login']
export type Staff = Record<Login, Viewer>

export const emailOf = (login: Login) => `${login}@demo.example`

const createUser = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { id } }'

const personnel = service('demo', [
  'identity.user.read',
  'identity.user.read_details',
  'identity.user.create',
  'identity.role.read',
  'identity.role.assign',
])

/** Hires everybody, and signs each of them in. */
export async function hire(identity: SubgraphExecutor): Promise<Staff> {
  const ask = asker(identity, personnel, 'staff')
  const { roles } = await ask<{ roles: { id: string; name: string }[] }>('{ roles { id name } }')
  const people: Partial<Staff> = {}
  let managerId: string | null = null
  for (const { login, name, role } of staff) {
    const roleIds = roles.filter((one) => one.name === role).map(({ id }) => id)
    const isAgent = role === 'AGENT'
    const input = { name, email: emailOf(login), password, roleIds, managerId: isAgent ? managerId : null }
    const made: { createUser: { id: string } } = await ask(createUser, { input })
    if (role === 'MANAGER') managerId = made.createUser.id
    people[login] = await signIn(identity, login)
  }
  return people as Staff
}

async function signIn(identity: SubgraphExecutor, login: Login): Promise<Viewer> {
  const { login: session } = await asker(identity, personnel)<{ login: { accessToken: string } }>(
    'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }',
    { input: { email: emailOf(login), password } },
  )
  const doorman = asker(identity, service('demo', ['identity.viewer.resolve']))
  const { viewerByToken } = await doorman<{ viewerByToken: Viewer }>(
    'query ($token: String!) { viewerByToken(token: $token) }',
    { token: session.accessToken },
  )
  return viewerByToken
}

/** When the making of the demo world began; undefined when it has not. */
export async function demoBegan(identity: SubgraphExecutor): Promise<Date | undefined> {
  const { users } = await asker(identity, personnel)<{ users: { nodes: { createdAt: string }[] } }>(
    'query ($email: String!) { users(first: 1, filter: { email: { eq: $email } }) { nodes { createdAt } } }',
    { email: emailOf('admin') },
  )
  return users.nodes[0] && new Date(users.nodes[0].createdAt)
}
