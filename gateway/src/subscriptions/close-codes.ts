// Why the gateway closes a WebSocket, beyond the protocol's own codes; docs/websocket.md tells clients.

export const closeCodes = {
  /** The process is going away: connect again, to another. */
  goingAway: 1001,
  /** Whose token it is cannot be found out right now. */
  tryAgainLater: 1013,
  /** The token has expired, or its session was ended. */
  unauthenticated: 4401,
  /** The token was refused when the connection began, or its viewer may no longer be here. */
  forbidden: 4403,
  /** The client reads more slowly than its subscriptions speak. */
  tooSlow: 4508,
  /** The viewer has too many connections already. */
  tooManyConnections: 4509,
} as const

export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes]
