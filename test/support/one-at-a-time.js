const { default: TestRunner } = require('jest-runner');

/** Jest's own runner, with one process: one test file after the other. */
module.exports = class OneAtATime extends TestRunner {
  constructor(globalConfig, context) {
    super({ ...globalConfig, maxWorkers: 1 }, context);
  }
};
