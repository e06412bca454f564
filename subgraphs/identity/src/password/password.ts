// Passwords: how long they are, and how they are hashed (argon2id).
import { invalidInput } from '@switchyard/runtime/errors'

/** The cost that OWASP recommends for argon2id at the least. */
export const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const [minLength, maxLength] = [8, 200]

/** The hash of a text that nobody knows, at the same cost: compared with where there is no other. */
export const dummyHash =
  '$argon2id$v=19$m=19456,t=2,p=1$f227gzlqFl1EwM7d3z5QHw$ggkcl7c/uJR3aErCDH+ZMoW4cj4KLxS+oxnWuCtmKJE'

/** A new password, as it was sent. */
export function newPassword(password: string): string {
  if (password.length >= minLength && password.length <= maxLength) return password
  throw invalidInput('password', `A password has ${minLength} to ${maxLength} characters.`)
}
