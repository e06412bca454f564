// How far the demo world is made, and how people get into it.
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { service } from '@switchyard/runtime/viewer/viewer'
import { asker } from './ask.ts'
import { emailOf, partnerKey, password, staff } from './people.ts'

export type DemoState = 'made' | 'to be made' | 'not wanted'

/** It is wanted where nobody works yet, or where its making was interrupted. */
export async function demoState(identity: SubgraphExecutor): Promise<DemoState> {
  const doorman = service('demo', ['identity.viewer.resolve', 'identity.user.read', 'identity.user.read_details'])
  const partner = await identity.execute({
    query: 'query ($token: String!) { viewerByToken(token: $token) }',
    variables: { token: partnerKey },
    viewer: doorman,
    requestId: 'demo',
  })
  if (!partner.errors) return 'made'
  const { everybody, demo } = await asker(identity, doorman)<Record<'everybody' | 'demo', { totalCount: number }>>(
    `query ($email: String!) {
      everybody: users(first: 1) { totalCount }
      demo: users(first: 1, filter: { email: { eq: $email } }) { totalCount }
    }`,
    { email: emailOf('admin') },
  )
  return everybody.totalCount === 0 || demo.totalCount > 0 ? 'to be made' : 'not wanted'
}

/** What is printed when the demo world is open. */
export function welcome(url: string | undefined): string {
  const logins = staff.map(({ login, role }) => `  ${role.padEnd(8)} ${emailOf(login)}`)
  return [
    '',
    ...(url ? [`Switchyard is open at ${url}/graphql`, ''] : []),
    `Sign in with the password ${password} as`,
    ...logins,
    `or as a partner with the key ${partnerKey}`,
    '',
    '',
  ].join('\n')
}
