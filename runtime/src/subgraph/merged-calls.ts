// Identical questions that are in flight for the same viewer are asked once; each asker may leave without the others.
import type { Viewer } from '../viewer/viewer.ts'

type Call<Answer> = {
  readonly answer: Promise<Answer>
  readonly stop: AbortController
  askers: number
  isOver: boolean
}

/** Asks anew what nobody may join. */
export type Question = { readonly viewer: Viewer; readonly text: string } | undefined

export type MergedCalls<Answer> = ReturnType<typeof mergedCalls<Answer>>

type Send<Answer> = (signal: AbortSignal) => Promise<Answer>

/** What is shared is the answer as it came, which each asker reads for itself: a result is changed by who has it. */
export function mergedCalls<Answer>(timeout: number) {
  let joinable = new WeakMap<Viewer, Map<string, Call<Answer>>>()

  function joined({ viewer, text }: NonNullable<Question>, send: Send<Answer>): Call<Answer> {
    const calls = joinable.get(viewer) ?? new Map<string, Call<Answer>>()
    joinable.set(viewer, calls)
    const known = calls.get(text)
    if (known) return known
    const call = begun(send, timeout)
    calls.set(text, call)
    const over = () => void (calls.get(text) === call && calls.delete(text))
    call.answer.then(over, over)
    call.stop.signal.addEventListener('abort', over, { once: true })
    return call
  }

  return {
    /** The answer; rejects as soon as its own asker is gone. `send` is told to stop when all of them are, or time is up. */
    async ask(question: Question, gone: AbortSignal | undefined, send: Send<Answer>) {
      if (gone?.aborted) throw gone.reason
      const call = question ? joined(question, send) : begun(send, timeout)
      call.askers++
      try {
        return await unlessGone(call.answer, gone)
      } finally {
        call.askers--
        if (call.askers === 0 && !call.isOver) call.stop.abort()
      }
    },

    /** From now on nobody joins what is in flight: something has happened that it may not know of. */
    forget() {
      joinable = new WeakMap()
    },
  }
}

function begun<Answer>(send: Send<Answer>, timeout: number): Call<Answer> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(new Error(`no answer within ${timeout} ms`)), timeout)
  const call = { stop, askers: 0, isOver: false }
  const answer = send(stop.signal).finally(() => {
    clearTimeout(timer)
    call.isOver = true
  })
  return Object.assign(call, { answer })
}

function unlessGone<T>(work: Promise<T>, gone: AbortSignal | undefined): Promise<T> {
  if (!gone) return work
  return new Promise((resolve, reject) => {
    const leave = () => reject(gone.reason)
    gone.addEventListener('abort', leave, { once: true })
    const stay = () => gone.removeEventListener('abort', leave)
    work.then(resolve, reject).finally(stay)
  })
}
