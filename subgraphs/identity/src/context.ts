// The stores and services of identity, and so what its resolvers, jobs and reactions are handed.
import type { ContextOf, TransactionOf } from '@switchyard/runtime/context/context'
import type { Host } from '@switchyard/runtime/subgraph/subgraph'
import { partnerStore } from './partner/partner.store.ts'
import { passwordHashing } from './password/hashing.ts'
import { roleStore } from './role/role.store.ts'
import { accessTokens } from './session/access-token.ts'
import { knownClientStore } from './session/known-client.store.ts'
import { refreshTokenStore } from './session/refresh-token.store.ts'
import { sessionStore } from './session/session.store.ts'
import { signInFailureStore } from './session/sign-in-failure.store.ts'
import { userStore } from './user/user.store.ts'
import { externalTokens } from './viewer/external-token.ts'

export const stores = {
  knownClients: knownClientStore,
  partners: partnerStore,
  refreshTokens: refreshTokenStore,
  roles: roleStore,
  sessions: sessionStore,
  signInFailures: signInFailureStore,
  users: userStore,
}

export const services = ({ config, clock, metrics }: Host) => ({
  tenant: config.tenant,
  accessTokens: accessTokens(config.authSecret, clock),
  externalTokens: externalTokens(config.externalIssuer, clock),
  hashing: passwordHashing(metrics),
  signIns: metrics.signIns,
})

type Services = ReturnType<typeof services>

export type Context = ContextOf<typeof stores, Services>
export type Transaction = TransactionOf<typeof stores, Services>
