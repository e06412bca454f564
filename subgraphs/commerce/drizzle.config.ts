import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/**/*.table.ts',
  out: '../../migrations/commerce',
  schemaFilter: ['commerce'],
  casing: 'snake_case',
})
