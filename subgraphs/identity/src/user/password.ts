// Passwords: argon2id, computed off the event loop, and compared in the same time whoever's they are.
import { hash, verify } from '@node-rs/argon2'
import { invalidInput } from '@switchyard/runtime/errors'

const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const [shortest, longest] = [8, 200]

// The hash of a text that nobody knows, at the same cost.
const nobodys = '$argon2id$v=19$m=19456,t=2,p=1$f227gzlqFl1EwM7d3z5QHw$ggkcl7c/uJR3aErCDH+ZMoW4cj4KLxS+oxnWuCtmKJE'

/** The hash to keep of a new password; null when there is none. */
export async function hashed(password: string | null | undefined): Promise<string | null> {
  if (password == null) return null
  if (password.length < shortest || password.length > longest) {
    throw invalidInput('password', `A password has ${shortest} to ${longest} characters.`)
  }
  return hash(password, cost)
}

/** Whether the password is the one whose hash is known; without a hash it takes as long to say no. */
export async function matches(password: string, known: string | null): Promise<boolean> {
  const isRight = await verify(known ?? nobodys, password.slice(0, longest + 1))
  return isRight && known !== null
}
