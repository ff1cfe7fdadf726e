/** The rules of imports: they run one way, and the core is pure. See docs/decisions and the layout in README.md. */
const TECHNOLOGY = '\\.(redis|bullmq)\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['(^|/)main\\.ts$', '^src/launcher\\.ts$', '^(test|bench|chaos)/', '\\.d\\.ts$'] },
      to: {},
    },
    {
      name: 'platform-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^(src|workers|bench|chaos|test)/', pathNot: '^src/platform/' },
    },
    {
      name: 'pure-core-knows-no-technology',
      severity: 'error',
      from: { path: '^src/(models|ranking|content)/', pathNot: TECHNOLOGY },
      to: {
        path: [
          TECHNOLOGY,
          'node_modules/(ioredis|bullmq|express|ws|graphql-ws|@apollo)/',
          '^src/platform/(redis|config|log|metrics)',
          '^workers/',
          '^src/gateway/',
        ],
      },
    },
    {
      name: 'pure-core-reads-no-files-or-sockets',
      severity: 'error',
      from: { path: '^src/(models|ranking|content)/', pathNot: TECHNOLOGY },
      to: { dependencyTypes: ['core'], path: '^(node:)?(fs|net|http|https|child_process|dgram|tls)(/|$)' },
    },
    { name: 'one-door-to-tensorflow', severity: 'error', from: { pathNot: '^src/models/tensor/' }, to: { path: '(^|/)@tensorflow/' } },
    {
      // Scorers and fits share modules: what only reads the door must not load the library behind it.
      name: 'tensorflow-is-loaded-when-asked-for',
      severity: 'error',
      from: {},
      to: { path: '(^|/)@tensorflow/', dynamic: false, dependencyTypesNot: ['type-only', 'type-import'] },
    },
    {
      name: 'gateway-never-loads-tensorflow',
      severity: 'error',
      from: { path: '^src/main\\.ts$' },
      to: { reachable: true, path: ['(^|/)@tensorflow/', '^src/models/tensor/'] },
    },
    {
      name: 'gateway-never-fits-a-model',
      severity: 'error',
      from: { path: '^src/main\\.ts$' },
      to: { reachable: true, path: ['^src/(models|profile)/.*(^|/)(fit|train)[^/]*\\.ts$', '(^|/)(ml-cart|libsvm-js)/'] },
    },
    {
      name: 'nobody-imports-a-composition-root',
      severity: 'error',
      from: { pathNot: '^(test|bench|chaos)/' },
      to: { path: ['(^|/)main\\.ts$', '^src/launcher\\.ts$'] },
    },
    {
      name: 'product-knows-no-tests-or-benches',
      severity: 'error',
      from: { path: '^(src|workers)/' },
      to: { path: '^(test|bench|chaos)/' },
    },
    {
      name: 'product-needs-no-development-packages',
      severity: 'error',
      from: { path: '^(src|workers)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|coverage)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true, // a type from the wrong folder is a dependency too
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'require', 'types', 'default'],
      extensions: ['.ts', '.js', '.json', '.d.ts'],
    },
  },
};
