// The gateways that we are compared with, installed from npm into a folder of their own: the product has none of them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const folder = new URL('peers/', import.meta.url)
const require = createRequire(new URL('package.json', folder))

/** Installs them once, and again when their list has changed: any other run needs no network. */
export async function installPeers(): Promise<void> {
  const [listed = 0, installed = 0] = ['package.json', 'node_modules/.package-lock.json'].map(
    (file) => statSync(new URL(file, folder), { throwIfNoEntry: false })?.mtimeMs,
  )
  if (installed > listed) return
  process.stdout.write('Installing the other gateways …\n')
  const quietly = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
  const npm = spawn('npm', ['install', ...quietly], { cwd: fileURLToPath(folder), stdio: 'inherit' })
  const [code] = (await once(npm, 'exit')) as [number | null]
  if (code !== 0) throw new Error('The other gateways could not be installed.')
}

/** A module of theirs; whoever asks for it says what of it is used. */
export const fromPeers = async <Module>(name: string): Promise<Module> =>
  (await import(pathToFileURL(require.resolve(name)).href)) as Module
