// Who follows the same shares one feed: one upstream, one completion of each event, one text of it.
import { codeOf, unavailable } from '@switchyard/runtime/errors'
import type { Log } from '@switchyard/runtime/log'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'
import type { ExecutionResult } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { FairQueue } from './fair-queue.ts'
import type { Feed, Seen } from './feed.ts'
import type { Onlooker, Onlookers } from './onlookers.ts'
import { openInTurn } from './replays.ts'
import { createStream, type Listener, type Stream } from './stream.ts'

export type Asked = {
  /** The document, its operation and its variables, but for the cursor. */
  readonly question: string
  readonly viewer: Viewer
  /** Whether its feeds tell cursors: without them, one feed cannot take over from another. */
  readonly isResumable: boolean
  /** Whether it was open before: then it waits for its turn to read the past, however many others do. */
  readonly isReopened: boolean
  readonly open: (viewer: Viewer, after: string | undefined) => Promise<Feed | ExecutionResult>
  /** Writes out what is told, its errors masked. */
  readonly write: (result: ExecutionResult) => string
}

/** A place among those who follow. */
export type Place = {
  /** Resolves once it hears what happens, or to the refusal. */
  readonly opened: Promise<ExecutionResult | undefined>
  /** Whether others of its viewer's subscriptions have to read the past first. */
  readonly waits: boolean
  leave(): void
  /** The cursor up to which everything has been told; undefined where there is none. */
  position(): string | undefined
}

type Member = Listener & {
  readonly asked: Asked
  running: Running
  hasLeft: boolean
  /** Aborts what is done for it alone. */
  stop?: AbortController
}
type Running = {
  readonly group: Group
  readonly onlooker: Onlooker
  readonly stream: Stream<Member>
  readonly opening: Promise<Feed | ExecutionResult>
  readonly write: Asked['write']
  /** Aborted when nobody listens any longer. */
  readonly stop: AbortController
}
type Group = { readonly key: string; readonly feeds: Set<Running> }

export type HubOptions = {
  readonly onlookers: Onlookers
  readonly log: Log
  /** Where events wait to be executed. */
  readonly completions: FairQueue
  /** Where those wait who ask for the past. */
  readonly replays: FairQueue
}

export type Hub = ReturnType<typeof createHub>

const maxCharactersKept = { stream: 256 * 1024, all: 64 * 2 ** 20 }

export function createHub({ onlookers, log, completions, replays }: HubOptions) {
  const groups = new Map<string, Group>()
  let streams = 0
  const maxCharacters = () => Math.min(maxCharactersKept.stream, maxCharactersKept.all / streams)
  // questions whose answers were found to hang on the person, by group
  const personal = new LRUCache<string, true>({ max: 1000 })

  function groupOf({ question, viewer, isResumable }: Asked): { group: Group; onlooker: Onlooker } {
    const shared = isResumable ? onlookers.together(viewer) : onlookers.alone(viewer)
    const onlooker = personal.has(`${question} ${shared.key}`) ? onlookers.alone(viewer) : shared
    const key = `${question} ${onlooker.key}`
    return { onlooker, group: groups.get(key) ?? { key, feeds: new Set() } }
  }

  /** The feed that serves an asker: one that is there already, or a new one. */
  function running(asked: Asked, viewerKey: string, after: string | undefined): Running {
    const { group, onlooker } = groupOf(asked)
    for (const one of group.feeds) if (one.stream.covers(after)) return one
    const stop = new AbortController()
    const open = () => asked.open(onlooker.viewer, after)
    const replaying = { open, viewerKey, isReopened: asked.isReopened, signal: stop.signal }
    const fresh: Running = {
      group,
      onlooker,
      stop,
      stream: createStream<Member>({ after, maxCharacters }),
      opening: after === undefined ? open() : openInTurn(replays, replaying),
      write: asked.write,
    }
    streams++
    groups.set(group.key, group)
    group.feeds.add(fresh)
    fresh.opening.then(
      (feed) => ('next' in feed ? pump(fresh, feed) : forget(fresh)),
      () => forget(fresh),
    )
    return fresh
  }

  function forget(one: Running) {
    const { group } = one
    one.stop.abort()
    if (!group.feeds.delete(one)) return
    streams--
    if (group.feeds.size === 0 && groups.get(group.key) === group) groups.delete(group.key)
  }

  function abandon(one: Running) {
    forget(one)
    one.opening.then((feed) => 'next' in feed && feed.close()).catch(() => {})
  }

  /** Tells each event to all who listen; who cannot keep up is let go, and nobody waits for it but alone. */
  async function pump(one: Running, feed: Feed): Promise<void> {
    const { stream, stop, write } = one
    stream.begin(feed.beginning)
    try {
      for (let isOpen = true; isOpen && !stop.signal.aborted; ) {
        await feed.arrived()
        const told = await completions.run(payerOf(one), stop.signal, () => complete(one, feed))
        if (told === undefined || stop.signal.aborted) return
        if (typeof told !== 'string') return await part(one, told)
        isOpen = told !== 'ended'
        const [alone] = stream.isReplay && stream.members.size === 1 ? stream.members : []
        await alone?.drained()
      }
    } catch (error) {
      log.warn({ err: error }, 'A subscription was lost.')
      for (const member of stream.members) member.push(write({ errors: [unavailable()] }))
    }
    const members = [...stream.members]
    forget(one)
    for (const member of members) member.end()
  }

  /** Executes one event and tells it; answers the event that has to be told to each member alone. */
  async function complete(one: Running, feed: Feed): Promise<'told' | 'later' | 'ended' | Seen | undefined> {
    const { stream, stop, onlooker, write } = one
    const seen = await feed.next()
    if (stop.signal.aborted) return undefined
    if (seen === undefined) return 'ended'
    if (seen === 'later') return seen
    const met = meeting(one, seen.cursor)
    if (met) return handOver(one, met, seen)
    const tell = stream.see(seen.cursor)
    const result = await seen.complete(onlooker.viewer, stop.signal)
    if (stop.signal.aborted) return undefined
    if (onlooker.isShared && isRefused(result)) return seen
    tell(write(result))
    return 'told'
  }

  /** Whose turn it is that a feed's event is executed in: of its viewers', whoever has the least to do. */
  function payerOf({ stream }: Running): string {
    let least = { key: '', load: Number.POSITIVE_INFINITY }
    for (const key of stream.viewers.keys()) {
      const load = completions.load(key)
      if (load < least.load) least = { key, load }
      if (load === 0) break
    }
    return least.key
  }

  /** Another feed of the same group that an event has come to already: from there on, both would tell the same. */
  function meeting(one: Running, cursor: string | undefined): Running | undefined {
    if (cursor === undefined) return undefined
    for (const other of one.group.feeds) if (other !== one && other.stream.hasSeen(cursor)) return other
    return undefined
  }

  function handOver(one: Running, met: Running, { cursor = '' }: Seen): undefined {
    for (const member of [...one.stream.members]) {
      one.stream.leave(member)
      member.running = met
      met.stream.joinAt(member, cursor)
    }
    abandon(one)
  }

  /** The answer would be another one for who may see of itself what others with its rights may not: each goes alone. */
  async function part(one: Running, { cursor, complete }: Seen): Promise<void> {
    const { write } = one
    const members = [...one.stream.members]
    personal.set(one.group.key, true)
    abandon(one)
    await Promise.all(
      members.map(async (member) => {
        one.stream.leave(member)
        const stop = new AbortController()
        member.stop = stop
        const goOnAlone = async () => {
          const { viewer } = onlookers.alone(member.asked.viewer)
          const result = await completions.run(member.viewerKey, stop.signal, () => complete(viewer, stop.signal))
          if (!result || stop.signal.aborted) return undefined
          member.push(write(result))
          return seat(member, cursor)
        }
        const refused = await goOnAlone().catch(() => ({ errors: [unavailable()] }))
        if (!refused) return
        member.push(write(refused))
        member.end()
      }),
    )
  }

  async function seat(member: Member, after: string | undefined): Promise<ExecutionResult | undefined> {
    member.running = running({ ...member.asked, isReopened: true }, member.viewerKey, after)
    member.running.stream.join(member, after)
    const feed = await member.running.opening
    if (member.hasLeft) leave(member)
    return 'next' in feed ? undefined : feed
  }

  function leave(member: Member) {
    const { running: last } = member
    member.hasLeft = true
    member.stop?.abort()
    last.stream.leave(member)
    if (last.stream.members.size === 0) abandon(last)
  }

  return {
    /** Has a listener hear what comes after a cursor, or from now on. */
    join(listener: Listener, asked: Asked, after: string | undefined): Place {
      const waits = after !== undefined && replays.isBusy(listener.viewerKey)
      const first = running(asked, listener.viewerKey, after)
      const member: Member = { ...listener, asked, running: first, hasLeft: false }
      first.stream.join(member, after)
      return {
        waits,
        opened: first.opening.then((feed) => ('next' in feed ? undefined : feed)),
        leave: () => leave(member),
        position: () => member.running.stream.position(),
      }
    },
  }
}

/** Whether a field was refused that one of those with the same rights might see, because it is about them. */
const isRefused = ({ errors = [] }: ExecutionResult) => errors.some((error) => codeOf(error) === 'FORBIDDEN')
