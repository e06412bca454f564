// What is wrong with the environment, in sentences for whoever starts the process.
export class ConfigError extends Error {
  override name = 'ConfigError'
}
