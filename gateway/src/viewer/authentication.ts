// Whose request it is. An attempt with a credential that is refused counts as an anonymous request of its address.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { codeOf } from '@switchyard/runtime/errors'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'
import type { ClientAddress } from '../http/client-address.ts'
import type { RequestLimits } from '../limits/request-limits.ts'
import { bearer, type Credential, type credentialReader } from './credentials.ts'
import type { Viewers } from './viewers.ts'

export type Authentication = ReturnType<typeof createAuthentication>

/** What a connection shows of who sends: `socketAddress` is the peer's, `clientAddress` the one that limits count. */
export type Sender = {
  readonly headers: IncomingHttpHeaders
  readonly socketAddress: string | undefined
  readonly clientAddress: string
  readonly userAgent: string | undefined
}

type Identified = { readonly credential: Credential; readonly viewer: Viewer }

/** A request that may be answered; limits know its client by the viewer, or by the address. */
export type Admitted = { readonly viewer: Viewer; readonly address: string }

type Options = {
  readonly credentials: ReturnType<typeof credentialReader>
  readonly viewers: Viewers
  readonly limits: RequestLimits
  readonly clientAddress: ClientAddress
}

export function createAuthentication({ credentials, viewers, limits, clientAddress }: Options) {
  const senderOf = (request: IncomingMessage): Sender => ({
    headers: credentialHeaders(request.headers),
    socketAddress: request.socket.remoteAddress,
    clientAddress: clientAddress(request),
    userAgent: request.headers['user-agent'],
  })

  /** The viewer of the credential that `read` finds; `response` is told the limits. */
  async function identified(read: () => Credential, address: string, response?: ServerResponse): Promise<Identified> {
    let isCounted = false
    const count = async () => {
      await limits.countAddress(address, response)
      isCounted = true
    }
    const refund = () => (isCounted ? limits.refundAddress(address) : undefined)
    try {
      // asking identity about a token costs it more than a refusal costs the client
      const credential = read()
      const viewer = await viewers.of(credential, count)
      void refund()
      return { credential, viewer }
    } catch (error) {
      const code = codeOf(error)
      if (code === 'SERVICE_UNAVAILABLE') void refund()
      else if (!isCounted && code !== 'RATE_LIMITED') await count()
      throw error
    }
  }

  return {
    /** What is kept of a WebSocket's upgrade for as long as it is open. */
    senderOf,

    /** The viewer of a WebSocket, by `authorization` where its first message brings one. */
    connect: ({ headers, socketAddress, clientAddress }: Sender, authorization: unknown): Promise<Identified> =>
      identified(
        () => (authorization === undefined ? credentials(headers, socketAddress) : bearer(authorization)),
        clientAddress,
      ),

    /** Counts an HTTP request that no viewer is looked for of; throws RATE_LIMITED. */
    admitAddress: (request: IncomingMessage, response?: ServerResponse): Promise<void> =>
      limits.countAddress(clientAddress(request), response),

    /** The viewer of an HTTP request, which is counted; throws UNAUTHENTICATED or RATE_LIMITED. */
    async admit(request: IncomingMessage, response: ServerResponse): Promise<Admitted> {
      const address = clientAddress(request)
      const read = () => credentials(request.headers, request.socket.remoteAddress)
      const { viewer } = await identified(read, address, response)
      await limits.countRequest(viewer, address, response)
      return { viewer, address }
    },
  }
}

function credentialHeaders({ authorization, 'x-internal-service-key': key }: IncomingHttpHeaders): IncomingHttpHeaders {
  return { ...(authorization && { authorization }), ...(key && { 'x-internal-service-key': key }) }
}
