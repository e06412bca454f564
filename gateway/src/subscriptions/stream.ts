// What one feed tells and has lately told, written once for all who listen: who comes later is told what it missed.

export type Listener = {
  /** Whose work it is to complete what is told; of several, whoever has the least to do already. */
  readonly viewerKey: string
  push(text: string): void
  end(): void
  /** Resolves when it can take more; undefined where it can. */
  drained(): Promise<void> | undefined
}

type Event = { readonly cursor: string | undefined; text: string | undefined }

const kept = { events: 200 }

export type Stream<Member extends Listener> = ReturnType<typeof createStream<Member>>

export type StreamOptions = {
  /** The cursor after which its first event comes; a stream that was opened without one is live. */
  readonly after: string | undefined
  /** How much of what was told is kept for who comes later. */
  readonly maxCharacters: () => number
}

export function createStream<Member extends Listener>({ after, maxCharacters }: StreamOptions) {
  const members = new Set<Member>()
  const viewers = new Map<string, number>()
  let events: Event[] = []
  let characters = 0
  let beginning = after
  let last = after

  /** Where what comes after a cursor begins; undefined where it is not kept, or the cursor's own event is still to come. */
  function indexAfter(cursor: string): number | undefined {
    if (cursor === beginning) return 0
    const index = events.findLastIndex((event) => event.cursor === cursor && event.text !== undefined)
    return index < 0 ? undefined : index + 1
  }

  function forgetOldest() {
    while (events.length > kept.events || (characters > maxCharacters() && events.length > 1)) {
      const [oldest] = events
      if (oldest?.text === undefined) return
      events = events.slice(1)
      characters -= oldest.text.length
      beginning = oldest.cursor
    }
  }

  function joinFrom(member: Member, index: number) {
    // first of all: one that cannot take so much leaves at once
    members.add(member)
    viewers.set(member.viewerKey, (viewers.get(member.viewerKey) ?? 0) + 1)
    for (const { text } of events.slice(index)) if (text !== undefined) member.push(text)
  }

  return {
    members: members as ReadonlySet<Member>,

    /** Whom its members belong to, by their keys. */
    viewers: viewers as ReadonlyMap<string, number>,

    /** Whether it began in the past, and may still be catching up. */
    isReplay: after !== undefined,

    /** Learns after which cursor it has begun. */
    begin(cursor: string | undefined) {
      beginning ??= cursor
      last ??= cursor
    },

    /** Whether somebody who has seen everything up to a cursor, or wants what comes from now on, can join. */
    covers: (cursor: string | undefined): boolean =>
      cursor === undefined ? after === undefined : indexAfter(cursor) !== undefined,

    /** Whether an event has come here, even if it has not been told yet. */
    hasSeen: (cursor: string): boolean => events.some((event) => event.cursor === cursor),

    /** The cursor up to which its members have been told everything. */
    position: () => last,

    /** Has a member hear what comes after a cursor, or from now on; what has been told already comes at once. */
    join(member: Member, cursor: string | undefined) {
      joinFrom(member, cursor === undefined ? events.length : (indexAfter(cursor) ?? 0))
    },

    /** Has a member hear an event that has come, and what comes after it. */
    joinAt(member: Member, cursor: string) {
      joinFrom(
        member,
        events.findLastIndex((event) => event.cursor === cursor),
      )
    },

    leave(member: Member) {
      if (!members.delete(member)) return
      const left = (viewers.get(member.viewerKey) ?? 1) - 1
      if (left > 0) viewers.set(member.viewerKey, left)
      else viewers.delete(member.viewerKey)
    },

    /** Takes note of an event that has come; the answer tells it, once it is written. */
    see(cursor: string | undefined): (text: string) => void {
      const event: Event = { cursor, text: undefined }
      events.push(event)
      return (text) => {
        event.text = text
        characters += text.length
        last = cursor ?? last
        for (const member of members) member.push(text)
        forgetOldest()
      }
    },
  }
}
