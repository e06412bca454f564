// Tests run in Node's own module loader, as the program itself does: no transforms, types stripped.
import { defineConfig } from 'vitest/config'

const folders = '{gateway,runtime,schema,subgraphs,test}'

/** The mode `faults` runs the slower tests: floods, fuzzing, outages of whole processes. */
export default defineConfig(({ mode }) => {
  const runsFaults = mode === 'faults'
  return {
    test: {
      include: [`${folders}/**/*${runsFaults ? '.fault' : ''}.test.ts`],
      exclude: ['**/node_modules/**', ...(runsFaults ? [] : ['**/*.fault.test.ts'])],
      globalSetup: 'test/server.ts',
      experimental: { viteModuleRunner: false },
      pool: 'forks',
      maxWorkers: runsFaults ? 1 : 2,
      testTimeout: runsFaults ? 120_000 : 30_000,
      hookTimeout: 60_000,
    },
  }
})
