// Who follows the same shares one feed: one upstream, one completion of each event, one text of it.
import { codeOf, unavailable } from '@switchyard/runtime/errors'
import type { Log } from '@switchyard/runtime/log'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'
import type { ExecutionResult } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Feed, Seen } from './feed.ts'
import type { Onlooker, Onlookers } from './onlookers.ts'
import { createStream, type Listener, type Stream } from './stream.ts'

export type Asked = {
  /** The document, its operation and its variables, but for the cursor. */
  readonly question: string
  readonly viewer: Viewer
  /** Whether its feeds tell cursors: without them, one feed cannot take over from another. */
  readonly isResumable: boolean
  readonly open: (viewer: Viewer, after: string | undefined) => Promise<Feed | ExecutionResult>
  /** Writes out what is told, its errors masked. */
  readonly write: (result: ExecutionResult) => string
}

/** A place among those who follow. */
export type Place = {
  leave(): void
  /** The cursor up to which everything has been told; undefined where there is none. */
  position(): string | undefined
}

type Member = Listener & { readonly asked: Asked; running: Running; hasLeft: boolean }
type Running = {
  readonly group: Group
  readonly onlooker: Onlooker
  readonly stream: Stream<Member>
  readonly opening: Promise<Feed | ExecutionResult>
  readonly write: Asked['write']
}
type Group = { readonly key: string; readonly feeds: Set<Running> }

export type Hub = ReturnType<typeof createHub>

export function createHub(onlookers: Onlookers, log: Log) {
  const groups = new Map<string, Group>()
  // questions whose answers were found to hang on the person, by group
  const personal = new LRUCache<string, true>({ max: 1000 })

  function groupOf({ question, viewer, isResumable }: Asked): { group: Group; onlooker: Onlooker } {
    const shared = isResumable ? onlookers.together(viewer) : onlookers.alone(viewer)
    const onlooker = personal.has(`${question} ${shared.key}`) ? onlookers.alone(viewer) : shared
    const key = `${question} ${onlooker.key}`
    return { onlooker, group: groups.get(key) ?? { key, feeds: new Set() } }
  }

  /** The feed that serves an asker: one that is there already, or a new one. */
  function running(asked: Asked, after: string | undefined): Running {
    const { group, onlooker } = groupOf(asked)
    for (const one of group.feeds) if (one.stream.covers(after)) return one
    const stream = createStream<Member>(after)
    const opening = asked.open(onlooker.viewer, after)
    const fresh: Running = { group, onlooker, stream, opening, write: asked.write }
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
    group.feeds.delete(one)
    if (group.feeds.size === 0 && groups.get(group.key) === group) groups.delete(group.key)
  }

  function abandon(one: Running) {
    forget(one)
    one.opening.then((feed) => 'next' in feed && feed.close()).catch(() => {})
  }

  /** Tells each event to all who listen; who cannot keep up is let go, and nobody waits for it but alone. */
  async function pump(one: Running, feed: Feed): Promise<void> {
    const { stream, onlooker, write } = one
    stream.begin(feed.beginning)
    try {
      for (let seen = await feed.next(); seen; seen = await feed.next()) {
        const met = meeting(one, seen.cursor)
        if (met) return handOver(one, met, seen)
        const tell = stream.see(seen.cursor)
        const result = await seen.complete(onlooker.viewer)
        if (onlooker.isShared && isRefused(result)) return await part(one, seen)
        tell(write(result))
        const [alone] = stream.isReplay && stream.members.size === 1 ? stream.members : []
        await alone?.drained()
      }
    } catch (error) {
      log.warn({ err: error }, 'A subscription was lost.')
      for (const member of stream.members) member.push(write({ errors: [unavailable()] }))
    }
    forget(one)
    for (const member of [...stream.members]) member.end()
  }

  /** Another feed of the same group that an event has come to already: from there on, both would tell the same. */
  function meeting(one: Running, cursor: string | undefined): Running | undefined {
    if (cursor === undefined) return undefined
    for (const other of one.group.feeds) if (other !== one && other.stream.hasSeen(cursor)) return other
    return undefined
  }

  function handOver(one: Running, met: Running, { cursor = '' }: Seen) {
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
    personal.set(one.group.key, true)
    abandon(one)
    for (const member of [...one.stream.members]) {
      one.stream.leave(member)
      const goOnAlone = async () => {
        member.push(write(await complete(onlookers.alone(member.asked.viewer).viewer)))
        return seat(member, cursor)
      }
      const refused = await goOnAlone().catch(() => ({ errors: [unavailable()] }))
      if (!refused) continue
      member.push(write(refused))
      member.end()
    }
  }

  async function seat(member: Member, after: string | undefined): Promise<ExecutionResult | undefined> {
    member.running = running(member.asked, after)
    member.running.stream.join(member, after)
    const feed = await member.running.opening
    if (member.hasLeft) leave(member)
    return 'next' in feed ? undefined : feed
  }

  function leave(member: Member) {
    const { running: last } = member
    member.hasLeft = true
    last.stream.leave(member)
    if (last.stream.members.size === 0) abandon(last)
  }

  return {
    /** Has a listener hear what comes after a cursor, or from now on. Answers its place, or the refusal. */
    async join(listener: Listener, asked: Asked, after: string | undefined): Promise<Place | ExecutionResult> {
      const first = running(asked, after)
      const member: Member = { ...listener, asked, running: first, hasLeft: false }
      first.stream.join(member, after)
      const feed = await first.opening
      if (!('next' in feed)) return feed
      return { leave: () => leave(member), position: () => member.running.stream.position() }
    },
  }
}

/** Whether a field was refused that one of those with the same rights might see, because it is about them. */
const isRefused = ({ errors = [] }: ExecutionResult) => errors.some((error) => codeOf(error) === 'FORBIDDEN')
