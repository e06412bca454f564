// A process full of subscribers: opens them in small groups, then tells when an event has reached the last of them.
import { subscribe } from './subscriber.ts'

export type Order = {
  readonly port: number
  readonly query: string
  readonly tokens: readonly string[]
  readonly perToken: number
}
export type Report = { readonly kind: 'open' | 'event'; readonly first: number; readonly last: number }

const atOnce = 50

process.once('message', async ({ port, query, tokens, perToken }: Order) => {
  const total = tokens.length * perToken
  let received = 0
  let first = 0
  const onEvent = (text: string) => {
    if (!text.includes('"data"') || text.includes('"errors"')) throw new Error(`The gateway said ${text}`)
    if (received === 0) first = Date.now()
    if (++received < total) return
    received = 0
    tell({ kind: 'event', first, last: Date.now() })
  }
  const onClose = (code: number | undefined) => {
    throw new Error(`The gateway let a subscriber go with ${code}.`)
  }
  const began = Date.now()
  const all = Array.from({ length: total }, (_, index) => tokens[index % tokens.length] as string)
  while (all.length > 0) {
    await Promise.all(all.splice(0, atOnce).map((token) => subscribe({ port, token, query, onEvent, onClose })))
  }
  tell({ kind: 'open', first: began, last: Date.now() })
})

const tell = (report: Report) => process.send?.(report)
