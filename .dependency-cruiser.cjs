// Who may import whom: docs/architecture.md as a check. test/boundaries.test.ts proves that each rule bites.
const entity = '^subgraphs/([^/]+)/src/'
const types = { dependencyTypesNot: ['type-only'] }

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'not-resolvable',
      severity: 'error',
      from: { pathNot: '\\.test\\.ts$' },
      to: { couldNotResolve: true, pathNot: 'generated/' },
    },
    {
      name: 'runtime-knows-nobody',
      severity: 'error',
      from: { path: '^runtime/' },
      to: { path: '^(gateway|subgraphs|schema|test|demo|(main|roles|graph)\\.ts)' },
    },
    {
      name: 'gateway-knows-no-subgraph',
      severity: 'error',
      from: { path: '^gateway/' },
      to: { path: '^(subgraphs|test|demo|(main|roles|graph)\\.ts)' },
    },
    {
      name: 'subgraphs-meet-in-events-only',
      severity: 'error',
      from: { path: entity, pathNot: '\\.test\\.ts$' },
      to: { path: '^(subgraphs/[^/]+|gateway|test|demo|(main|roles|graph)\\.ts)', pathNot: '^subgraphs/$1/' },
    },
    {
      name: 'tests-enter-by-the-public-door',
      severity: 'error',
      comment: 'A test of a feature builds the stack by test/, and asks others through the graph.',
      from: { path: `${entity}.*\\.test\\.ts$` },
      to: { path: '^(subgraphs/[^/]+|gateway|demo|(main|roles|graph)\\.ts)', pathNot: '^subgraphs/$1/' },
    },
    {
      name: 'contract-knows-no-code',
      severity: 'error',
      from: { path: '^schema/' },
      to: { path: '^(gateway|subgraphs|test|demo|(main|roles|graph)\\.ts)' },
    },
    {
      name: 'drizzle-in-tables-stores-and-policies-only',
      severity: 'error',
      from: { path: entity, pathNot: '\\.(table|store|policy|schema)\\.ts$|\\.test\\.ts$' },
      to: { path: 'node_modules/drizzle-orm' },
    },
    {
      name: 'stores-are-not-for-the-door',
      severity: 'error',
      comment: 'A resolver is handed its stores by the context; jobs and reactions name the mirror that they fill.',
      from: { path: `${entity}.*\\.resolvers\\.ts$` },
      to: { path: '\\.(table|store)\\.ts$', ...types },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'A domain file knows types, and those words of runtime that are pure.',
      from: { path: '^subgraphs/[^/]+/src/([^/]+)/\\1\\.ts$' },
      to: {
        pathNot: [
          '^runtime/src/(errors|email-address|money|ids|input|viewer/viewer)\\.ts$',
          '^subgraphs/[^/]+/src/[^/]+/[a-z-]+\\.ts$',
        ],
        ...types,
      },
    },
    {
      name: 'lower-layers-do-not-look-up',
      severity: 'error',
      from: { path: `${entity}.*\\.(table|store|policy)\\.ts$` },
      to: { path: '^subgraphs/.*\\.(resolvers|jobs|reactions)\\.ts$|/subgraph\\.ts$', ...types },
    },
    {
      name: 'production-code-imports-no-tests',
      severity: 'error',
      from: { pathNot: '\\.test\\.ts$|^(test|bench)/' },
      to: { path: '\\.test\\.ts$|^test/' },
    },
  ],
  options: {
    // TypeScript 7 has no parser for others to use, and without one everything passes unseen.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)generated/|\\.data/' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
}
