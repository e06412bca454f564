// How failed attempts to sign in make further ones wait.

export type SignInScope = keyof typeof signInLimits

const minute = 60
const day = 24 * 60 * minute

/**
 * Failures up to `free` cost nothing; each one more doubles the wait, from a second to `maxWait`. All are forgotten when
 * none has come for `memory`. In seconds.
 */
export type SignInLimit = { readonly free: number; readonly maxWait: number; readonly memory: number }

export const signInLimits = {
  /** Of one account from one client: a person who has forgotten the password. */
  PAIR: { free: 10, maxWait: 15 * minute, memory: day },
  /** Of one account from all clients that have never signed in to it: what NIST SP 800-63B allows at most. */
  ACCOUNT: { free: 100, maxWait: 15 * minute, memory: day },
  /** Of one client, at accounts that it has never signed in to: many people may share its address. */
  CLIENT: { free: 100, maxWait: minute, memory: 15 * minute },
} as const satisfies Record<string, SignInLimit>

/** For how long a client counts as known to an account that it has signed in to. */
export const knownClientMs = 90 * day * 1000

/** After this long no failure counts any more. */
export const failureMemoryMs = day * 1000

/** An attempt to sign in, by hashes of the account that is tried, whether anybody has it or not, and of the client. */
export type Attempt = {
  readonly account: string
  readonly client: string
  /** Whether the client has signed in to the account before. */
  readonly isKnown: boolean
}

export type Counted = { readonly scope: SignInScope; readonly subject: string }

/** What a failure of the attempt counts against: a stranger's guesses never make the owner's known client wait. */
export function countedBy({ account, client, isKnown }: Attempt): readonly Counted[] {
  const pair = { scope: 'PAIR', subject: `${account}.${client}` } as const
  return isKnown ? [pair] : [pair, { scope: 'ACCOUNT', subject: account }, { scope: 'CLIENT', subject: client }]
}
