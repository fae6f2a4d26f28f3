const process = require('node:process');
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

/**
 * Prints what Mocha prints, and leaves the counts, what failed and how long everything took in the file that
 * SUITE_RESULTS names, for `npm test` to add up.
 */
module.exports = class CountingReporter extends reporters.Spec {
  #failures = [];
  #times = [];

  constructor(runner, options) {
    super(runner, options);
    const { EVENT_TEST_END, EVENT_HOOK_END, EVENT_TEST_FAIL, EVENT_RUN_END } = Runner.constants;
    const time = (each) => this.#times.push({ title: each.fullTitle(), ms: each.duration ?? 0 });
    runner.on(EVENT_TEST_END, time);
    runner.on(EVENT_HOOK_END, time);
    runner.on(EVENT_TEST_FAIL, (each) => this.#failures.push({ title: each.fullTitle(), file: each.file ?? '' }));
    runner.once(EVENT_RUN_END, () => {
      const { passes, failures } = this.stats;
      const results = { passed: passes, failed: failures, failures: this.#failures, times: this.#times };
      const file = process.env.SUITE_RESULTS;
      if (file) writeFileSync(file, JSON.stringify(results));
    });
  }
};
