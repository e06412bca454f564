// A subgraph that counts, for tests of what lies between it and the gateway.
import type { ExecutionResult } from 'graphql'
import type { SubgraphExecutor, SubgraphRequest } from '../subgraph/executor.ts'
import { pushedIterator } from '../subgraph/pushed-iterator.ts'

/** Its events are numbered, and those after a cursor are told again. */
export class CounterExecutor implements SubgraphExecutor {
  readonly name = 'counter'
  readonly seen: SubgraphRequest[] = []
  events: { push(value: ExecutionResult): boolean; end(): void; cursor: number }[] = []
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
    const pushed = pushedIterator<ExecutionResult>(100, () => {
      this.events = this.events.filter((event) => event !== listener)
    })
    const listener = { ...pushed, cursor: this.told }
    this.events.push(listener)
    const after = request.variables.after
    for (let missed = Number(after) + 1; missed <= this.told; missed++) pushed.push(this.event(missed))
    return pushed.iterator
  }

  tell() {
    this.told++
    for (const { push } of this.events) push(this.event(this.told))
  }

  event = (count: number) => ({ data: { counted: { count, cursor: String(count) } } })
}
