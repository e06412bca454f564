import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/**/*.table.ts',
  out: '../../migrations/audit',
  schemaFilter: ['audit'],
  casing: 'snake_case',
})
