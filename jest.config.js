const everywhere = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
    ],
  },
};

/** Tests of whole systems: each starts servers, gateways and workers of its own, which would starve those of another beside it. */
const wholeSystems = ['test/e2e', 'test/chaos'];

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    { ...everywhere, testMatch: ['**/*.test.ts'], testPathIgnorePatterns: wholeSystems.map((folder) => `<rootDir>/${folder}/`) },
    {
      ...everywhere,
      testMatch: wholeSystems.map((folder) => `<rootDir>/${folder}/**/*.test.ts`),
      runner: '<rootDir>/test/support/one-at-a-time.js',
    },
  ],
  maxWorkers: 2,
  testTimeout: 30_000,
};
