// Tests run in Node's own module loader, as the program itself does: no transforms, types stripped.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{gateway,runtime,schema,subgraphs,test}/**/*.test.ts'],
    globalSetup: 'test/server.ts',
    experimental: { viteModuleRunner: false },
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
