// Runs in a thread of its own: hashes and compares passwords, one after the other.
import { hashSync, type Options, verifySync } from '@node-rs/argon2'

export type Hashing = { readonly password: string; readonly options: Options }
export type Comparison = { readonly password: string; readonly hash: string }

export const hash = ({ password, options }: Hashing): string => hashSync(password, options)

export const verify = ({ password, hash }: Comparison): boolean => verifySync(hash, password)
