// A subgraph that counts, for tests of what lies between it and the gateway.
import { buildSchema, type ExecutionResult, parse, subscribe } from 'graphql'
import type { SubgraphExecutor, SubgraphRequest } from '../subgraph/executor.ts'
import { type Pushed, pushedIterator } from '../subgraph/pushed-iterator.ts'

const schema = buildSchema(`
  type Query { ok: Boolean }
  type Subscription { counted(after: String): Counted }
  type Counted { count: Int! cursor: String! }
`)

type Event = { readonly counted: { readonly count: number; readonly cursor: string } }

const event = (count: number): Event => ({ counted: { count, cursor: String(count) } })

/** Its events are numbered, and those after a cursor are told again. */
export class CounterExecutor implements SubgraphExecutor {
  readonly name = 'counter'
  readonly seen: SubgraphRequest[] = []
  readonly listeners = new Set<Pushed<Event>>()
  told = 0
  answer: (request: SubgraphRequest) => Promise<ExecutionResult> = async () => ({ data: { ok: true } })
  refusal: ExecutionResult | undefined

  execute(request: SubgraphRequest) {
    this.seen.push(request)
    return this.answer(request)
  }

  async subscribe(request: SubgraphRequest) {
    this.seen.push(request)
    if (this.refusal) return this.refusal
    const rootValue = { counted: ({ after }: { after?: string | null }) => this.listen(after ?? String(this.told)) }
    const result = await subscribe({
      schema,
      document: parse(request.query),
      variableValues: request.variables,
      rootValue,
    })
    return result as AsyncIterableIterator<ExecutionResult> | ExecutionResult
  }

  tell() {
    this.told++
    for (const { push } of this.listeners) push(event(this.told))
  }

  private listen(after: string) {
    const listener = pushedIterator<Event>(100, () => this.listeners.delete(listener))
    this.listeners.add(listener)
    for (let missed = Number(after) + 1; missed <= this.told; missed++) listener.push(event(missed))
    return listener.iterator
  }
}
