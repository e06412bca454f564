import type { Resolvers } from '../generated/graphql.ts'
import { createCompany } from './create-company.ts'

export const companyResolvers = {
  Query: {
    company: (_, { id }, ctx) => ctx.companies.find(id),
    companies: (_, args, ctx) => ctx.companies.list(args),
  },
  Mutation: {
    createCompany: (_, { input }, ctx) => createCompany(ctx, input),
  },
  Company: {
    __resolveReference: ({ id }, ctx) => ctx.companies.find(id),
  },
} satisfies Resolvers
