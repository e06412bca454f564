// The operation in the body of a request, or an error that says why there is none.
import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { codeOf, failure, invalidInput } from '../errors.ts'

/** Above what the gateway takes from a client: a fetch names every row of a page that it wants fields of. */
const maxBytes = 2 * 1024 * 1024

const operation = z.object({
  query: z.string(),
  variables: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((variables) => variables ?? {}),
})

export async function operationIn(request: IncomingMessage): Promise<z.output<typeof operation>> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw invalidInput('content-type', 'The body must be application/json.')
  }
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBytes) throw failure('PAYLOAD_TOO_LARGE', `The body may hold ${maxBytes} bytes.`)
      chunks.push(chunk)
    }
  } catch (error) {
    throw codeOf(error) === undefined ? failure('BAD_REQUEST', 'The body did not arrive whole.') : error
  }
  const parsed = operation.safeParse(parsedJson(Buffer.concat(chunks).toString('utf8')))
  if (!parsed.success) throw invalidInput('body', 'The body must be JSON with a query and its variables.')
  return parsed.data
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
