import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/**/*.table.ts',
  out: '../../migrations/crm',
  schemaFilter: ['crm'],
  casing: 'snake_case',
})
