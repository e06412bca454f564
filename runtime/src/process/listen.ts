// Where a server listens; an address that it cannot have is a wrong HOST or PORT, and said so.
import type { AddressInfo, Server } from 'node:net'
import { ConfigError } from '../config/config-error.ts'

export type Address = { readonly host: string; readonly port: number }

/** Listens, and answers on which port; throws a ConfigError that names the variable to change. */
export async function listenAt(server: Server, { host, port }: Address): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(addressError(error, { host, port }))
    server.once('error', fail).listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
  return (server.address() as AddressInfo).port
}

function addressError(error: NodeJS.ErrnoException, { host, port }: Address): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ConfigError(`PORT: ${port} is in use at ${host}: stop what listens there, or set PORT to another one`)
    case 'EACCES':
      return new ConfigError(`PORT: this account may not listen on ${port}: set PORT to one above 1023`)
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConfigError(`HOST: ${host} is no address of this machine (${error.code}): use 127.0.0.1 or 0.0.0.0`)
    default:
      return error
  }
}
