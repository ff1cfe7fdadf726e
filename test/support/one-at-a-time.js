const { default: TestRunner } = require('jest-runner');

/** Jest's own runner, one test file after the other. */
module.exports = class OneAtATime extends TestRunner {
  isSerial = true;
};
