import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/**/*.table.ts',
  out: '../../migrations/support',
  schemaFilter: ['support'],
  casing: 'snake_case',
})
