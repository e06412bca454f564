// Somebody at the graph's public door: sends operations over HTTP, subscribes over a WebSocket.
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'graphql'
import { type Client, createClient } from 'graphql-ws'
import WebSocket from 'ws'

export type GraphError = {
  message: string
  path?: (string | number)[]
  extensions: { code: string; data?: Record<string, unknown> }
}
export type Answer<Data> = { status: number; data: Data | null; errors: GraphError[] }
export type Variables = Readonly<Record<string, unknown>>
export type Received<Data> = {
  next(): Promise<Data>
  nothing(milliseconds: number): Promise<void>
  close(): Promise<void>
}

export type Session = {
  /** Sends an operation, by the name of one in schema/operations or as text. */
  send<Data = Record<string, unknown>>(
    operation: string,
    variables?: Variables,
    headers?: Record<string, string>,
  ): Promise<Answer<Data>>
  /** The data of an operation that must succeed. */
  ok<Data = Record<string, unknown>>(operation: string, variables?: Variables): Promise<Data>
  /** The one error of an operation that must be refused. */
  refused(operation: string, variables?: Variables): Promise<GraphError['extensions']>
  subscribe<Data = Record<string, unknown>>(operation: string, variables?: Variables): Promise<Received<Data>>
}

const folder = fileURLToPath(new URL('../schema/operations', import.meta.url))

/** The documents of known clients, by the name of their operation. */
export const documents: ReadonlyMap<string, string> = new Map(
  globSync('*/*.graphql', { cwd: folder }).flatMap((file) => {
    const text = readFileSync(`${folder}/${file}`, 'utf8')
    return parse(text).definitions.flatMap((definition) =>
      'name' in definition && definition.name
        ? [[definition.name.value, text.slice(definition.loc?.start, definition.loc?.end)] as const]
        : [],
    )
  }),
)

const textOf = (operation: string): string => {
  const text = operation.includes('{') ? operation : documents.get(operation)
  if (!text) throw new Error(`There is no operation ${operation} in schema/operations.`)
  return text
}

/** A session with the gateway at `url`; without a token, nobody's. */
export function openSession(
  url: string,
  token: string | undefined,
  onClose: (close: () => Promise<void>) => void,
): Session {
  const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  let client: Client | undefined

  const send: Session['send'] = async (operation, variables = {}, headers = {}) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        ...authorization,
        ...headers,
      },
      body: JSON.stringify({ query: textOf(operation), variables }),
    })
    const { data = null, errors = [] } = (await response.json()) as Partial<Answer<never>>
    return { status: response.status, data, errors }
  }

  return {
    send,
    async ok(operation, variables) {
      const { data, errors } = await send<never>(operation, variables)
      if (errors.length || !data) throw new Error(`${operation} was refused: ${JSON.stringify(errors)}`)
      return data
    },
    async refused(operation, variables) {
      const { errors, data } = await send(operation, variables)
      if (errors.length !== 1) throw new Error(`${operation} was not refused once: ${JSON.stringify({ errors, data })}`)
      return (errors[0] as GraphError).extensions
    },
    async subscribe<Data>(operation: string, variables: Variables = {}) {
      client ??= createClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: authorization,
        retryAttempts: 0,
      })
      onClose(async () => void (await client?.dispose()))
      return receive<Data>(client, { query: textOf(operation), variables })
    },
  }
}

/** What a subscription delivers, one by one; a refusal rejects the next `next`. */
async function receive<Data>(
  client: Client,
  payload: { query: string; variables: Record<string, unknown> },
): Promise<Received<Data>> {
  const events = client.iterate<Data>(payload)
  let pending: Promise<IteratorResult<unknown>> | undefined
  const take = () => {
    pending ??= events.next()
    return pending
  }
  const received: Received<Data> = {
    async next() {
      const { done, value } = (await within(5000, take())) as IteratorResult<{ data?: Data; errors?: unknown }>
      pending = undefined
      if (done) throw new Error('The subscription has ended.')
      if (value.errors || !value.data) throw new Error(`The subscription said ${JSON.stringify(value.errors)}`)
      return value.data
    },
    async nothing(milliseconds) {
      const first = await Promise.race([take(), sleep(milliseconds)])
      if (first) throw new Error(`Something was received: ${JSON.stringify(first)}`)
    },
    close: async () => void (await events.return?.()),
  }
  // The server opens the subscription in its own time; what a test does next must find it open.
  void take().catch(() => undefined)
  await sleep(150)
  return received
}

const sleep = (milliseconds: number) =>
  new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), milliseconds))

const within = <T>(milliseconds: number, promise: Promise<T>): Promise<T> =>
  Promise.race([
    promise,
    sleep(milliseconds).then(() => Promise.reject(new Error(`Nothing came within ${milliseconds} ms.`))),
  ])
