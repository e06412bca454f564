// The data folder: made where it does not exist, or a sentence that says why it cannot be used.
import { accessSync, constants, mkdirSync } from 'node:fs'
import { ConfigError } from './config-error.ts'

/** Makes the folder of `DATA_DIR`; throws a ConfigError when this process cannot write there. */
export function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true })
    accessSync(dataDir, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw unusableDataDir(dataDir, error)
  }
}

export function unusableDataDir(dataDir: string, error: unknown): ConfigError {
  const { code } = error as NodeJS.ErrnoException
  return new ConfigError(`DATA_DIR: ${dataDir} cannot be used (${code}): name a folder that this account may write to`)
}
