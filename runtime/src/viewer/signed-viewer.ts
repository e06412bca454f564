// How a viewer crosses a process boundary.
import { tokenSigner, tokenVerifier } from './signed-token.ts'
import type { Viewer } from './viewer.ts'

const kind = { claim: 'viewer', audience: 'switchyard-subgraph' }

/** A viewer is one object for as long as nothing about it changes, and signed anew when it is another. */
export const viewerSigner = (secret: Uint8Array) => tokenSigner(secret, kind, (viewer: Viewer) => viewer)

export const viewerVerifier = (secret: Uint8Array) => tokenVerifier<Viewer>(secret, kind)
