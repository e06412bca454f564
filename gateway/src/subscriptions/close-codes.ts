// Why a WebSocket is closed; docs/websocket.md tells clients.

/** By the gateway, beyond the protocol. */
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

/** By the libraries that speak WebSocket and graphql-transport-ws for us. */
export const protocolCodes = {
  malformedFrame: 1002,
  malformedText: 1007,
  messageTooLarge: 1009,
  badRequest: 4400,
  askedBeforeWelcome: 4401,
  otherSubprotocol: 4406,
  silent: 4408,
  operationIsRunning: 4409,
  secondInit: 4429,
} as const

export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes]
