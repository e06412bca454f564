// One exchange with a subgraph, its answer read as a whole: no stream is made for what is wanted in one piece.
import type { Dispatcher } from 'undici'

export type Exchanged = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'> & { readonly text: string }

export type Call = Dispatcher.DispatchOptions & { readonly signal: AbortSignal }

/** Rejects with the signal's reason when that is aborted before the answer has arrived. */
export function exchanged(connections: Dispatcher, { signal, ...call }: Call): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let running: Dispatcher.DispatchController | undefined
    let head: Pick<Exchanged, 'statusCode' | 'headers'> = { statusCode: 0, headers: {} }
    const stop = () => running?.abort(signal.reason)
    const over = () => signal.removeEventListener('abort', stop)

    signal.addEventListener('abort', stop, { once: true })
    connections.dispatch(call, {
      onRequestStart(controller) {
        running = controller
        if (signal.aborted) stop()
      },
      onResponseStart(_, statusCode, headers) {
        head = { statusCode, headers }
      },
      onResponseData(_, part) {
        parts.push(part)
      },
      onResponseEnd() {
        over()
        resolve({ ...head, text: (parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)).toString() })
      },
      onResponseError(_, error) {
        over()
        reject(error)
      },
    })
  })
}
