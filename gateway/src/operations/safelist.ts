// Which operation a request means, by id or by its text, and whether its viewer may send it.
import { failure } from '@switchyard/runtime/errors'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'
import { stripIgnoredCharacters } from 'graphql'
import type { OperationManifest, RegisteredOperation } from './manifest.ts'

/** What a request says of its operation, over HTTP or a WebSocket; nothing in it has been checked yet. */
export type Asked = { readonly query?: unknown; readonly documentId?: unknown; readonly extensions?: unknown }

export type Safelist = ReturnType<typeof createSafelist>

/** A partner sends what its key is registered for and nothing else; to all others ids are a convenience. */
export function createSafelist(manifest: OperationManifest) {
  const byId = new Map<string, RegisteredOperation>()
  const byText = new Map<string, RegisteredOperation>()
  for (const operation of manifest) {
    for (const id of operation.ids) byId.set(id, operation)
    if (operation.audience === 'partners') byText.set(stripIgnoredCharacters(operation.source), operation)
  }
  const names = new Set(manifest.map(({ name }) => name))

  return {
    /** Whether a name is that of a known operation, and so fit for a metric's label. */
    knows: (name: string) => names.has(name),

    /** The text to run, or undefined when the request has neither text nor id; throws what the viewer may not send. */
    sourceOf(asked: Asked, viewer: Viewer): string | undefined {
      const id = idOf(asked)
      const query = typeof asked.query === 'string' && asked.query !== '' ? asked.query : undefined
      if (id !== undefined && query !== undefined) {
        throw failure('CANNOT_SEND_PQ_ID_AND_BODY', 'Send the id of a registered operation or its text, not both.')
      }
      const may = permits(viewer)
      if (id !== undefined) {
        const operation = byId.get(id)
        if (operation && may(operation)) return operation.source
        throw failure('PERSISTED_QUERY_NOT_IN_LIST', 'There is no registered operation with this id.')
      }
      if (viewer.kind !== 'PARTNER') return query
      if (query === undefined) {
        throw failure('PERSISTED_QUERY_ID_REQUIRED', 'Send the id of a registered operation.')
      }
      const operation = byText.get(withoutIgnored(query))
      if (operation && may(operation)) return operation.source
      throw failure('QUERY_NOT_IN_SAFELIST', 'This operation is not registered for your key.')
    },
  }
}

function permits(viewer: Viewer): (operation: RegisteredOperation) => boolean {
  if (viewer.kind !== 'PARTNER') return () => true
  return ({ audience, name }) => audience === 'partners' && (viewer.operations?.includes(name) ?? false)
}

/** The id that a request names its operation by: `documentId`, or Apollo's extension. */
function idOf({ documentId, extensions }: Asked): string | undefined {
  const id = documentId ?? hashOf(extensions)
  if (id === undefined || id === null) return undefined
  if (typeof id !== 'string') throw failure('BAD_REQUEST', 'The id of an operation is a text.')
  return id.replace(/^sha256:/, '').toLowerCase()
}

function hashOf(extensions: unknown): unknown {
  if (typeof extensions !== 'object' || extensions === null || !('persistedQuery' in extensions)) return undefined
  const { persistedQuery } = extensions
  if (persistedQuery === null) return undefined
  const hasHash = typeof persistedQuery === 'object' && persistedQuery !== null && 'sha256Hash' in persistedQuery
  if (!hasHash) throw failure('BAD_REQUEST', 'The extension persistedQuery carries a sha256Hash.')
  return persistedQuery.sha256Hash
}

/** A text that cannot be read equals no registered one. */
function withoutIgnored(query: string): string {
  try {
    return stripIgnoredCharacters(query)
  } catch {
    return ''
  }
}
