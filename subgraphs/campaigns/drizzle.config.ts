import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/**/*.table.ts',
  out: '../../migrations/campaigns',
  schemaFilter: ['campaigns'],
  casing: 'snake_case',
})
