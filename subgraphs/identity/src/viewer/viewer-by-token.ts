// Who stands behind a token: one of our sessions, a user of an external issuer, or a partner. Anything else is nobody.
import { failure, unauthenticated } from '@switchyard/runtime/errors'
import { anonymous, type Viewer } from '@switchyard/runtime/viewer/viewer'
import { decodeJwt } from 'jose'
import type { Context } from '../context.ts'
import { keyPrefix } from '../partner/partner.ts'
import { issuer } from '../session/access-token.ts'
import { digestOf } from '../session/secret.ts'
import { meetUser } from '../user/meet-user.ts'
import { viewerOfUser, viewerWith } from './viewer-of-user.ts'

export async function viewerByToken(ctx: Context, token: string): Promise<Viewer> {
  if (token.startsWith(keyPrefix)) return viewerOfPartner(ctx, token)
  if (!isSpelledOnce(token)) throw unauthenticated('The token is not valid.')
  return isOurs(token) ? viewerOfSession(ctx, token) : viewerOfExternal(ctx, token)
}

// Base64url leaves bits over at the end of a part: without this, several spellings would be the same token.
const isSpelledOnce = (token: string): boolean =>
  token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)

/** Which secret the token must be signed with; a token that lies about its issuer is signed with the wrong one. */
function isOurs(token: string): boolean {
  try {
    return decodeJwt(token).iss === issuer
  } catch {
    return false
  }
}

async function viewerOfSession(ctx: Context, token: string): Promise<Viewer> {
  const { userId, sessionId, expiresAt } = await ctx.accessTokens.verify(token)
  const user = await ctx.sessions.standing(sessionId, userId)
  if (!user) throw unauthenticated('This session has ended.')
  return viewerOfUser(ctx, user, { sessionId, expiresAt })
}

async function viewerOfExternal(ctx: Context, token: string): Promise<Viewer> {
  const { roles: named, tenants, expiresAt, ...who } = await ctx.externalTokens.verify(token)
  if (tenants && !tenants.includes(ctx.tenant)) {
    throw failure('TENANT_NOT_A_MEMBER', 'You are not a member of this tenant.', { tenant: ctx.tenant })
  }
  const known = await ctx.roles.all()
  const roles = known.filter(({ name, isBuiltIn }) => isBuiltIn && named.includes(name))
  const areAllKnown = roles.length > 0 && roles.length === named.length
  if (!areAllKnown) throw unauthenticated('The token names no role, or one that is not built in.')
  const user = (await ctx.users.bySubject(who.issuer, who.subject)) ?? (await meetUser(ctx, who))
  if (user.status !== 'ACTIVE') throw unauthenticated('The token is not valid.')
  return viewerWith(ctx, user, roles, { sessionId: null, expiresAt })
}

async function viewerOfPartner(ctx: Context, key: string): Promise<Viewer> {
  const partner = await ctx.partners.byKey(digestOf(key))
  if (!partner) throw unauthenticated('The key is not valid.')
  return {
    ...anonymous,
    kind: 'PARTNER',
    id: partner.id,
    roles: ['PARTNER'],
    permissions: Object.fromEntries(partner.permissions.map((element) => [element, 'all' as const])),
    concessionId: partner.concessionId,
    operations: partner.operations,
  }
}
