const process = require('node:process');
const { writeFileSync } = require('node:fs');
const { setTimeout } = require('node:timers');
const { reporters, Runner } = require('mocha');

/** In milliseconds: what goes on for longer after the last test is taken to hang. */
const patience = Number(process.env.REPORTER_PATIENCE ?? 30_000);

/**
 * Prints what Mocha prints, and leaves what passed, what failed and how long everything took in the file that
 * SUITE_RESULTS names, for `npm test` to add up. Ends a process that does not end by itself, as a failure.
 */
module.exports = class CountingReporter extends reporters.Spec {
  #passes = [];
  #failures = [];
  #times = [];
  #titles = new Map();

  constructor(runner, options) {
    super(runner, options);
    const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_END, EVENT_HOOK_END, EVENT_RUN_END } = Runner.constants;
    const time = (each) => this.#times.push({ title: each.fullTitle(), ms: each.duration ?? 0 });
    runner.on(EVENT_TEST_END, time);
    runner.on(EVENT_HOOK_END, time);
    runner.on(EVENT_TEST_PASS, (each) => this.#passes.push(this.#unique(each.fullTitle())));
    runner.on(EVENT_TEST_FAIL, (each) => this.#failures.push({ title: each.fullTitle(), file: each.file ?? '' }));
    runner.once(EVENT_RUN_END, () => {
      this.#write();
      setTimeout(() => this.#endWhatHangs(), patience).unref();
    });
  }

  #write() {
    const file = process.env.SUITE_RESULTS;
    const results = { passes: this.#passes, failures: this.#failures, times: this.#times };
    if (file) writeFileSync(file, JSON.stringify(results));
  }

  /** A hook that has failed may have left a program or a server at work. */
  #endWhatHangs() {
    const title = `still at work after the last test: ${process.getActiveResourcesInfo().join(', ')}`;
    process.stdout.write(`\n${title}\n`);
    this.#failures.push({ title, file: '' });
    this.#write();
    process.exit();
  }

  /** Tests of the same title are as many tests all the same. */
  #unique(title) {
    const times = (this.#titles.get(title) ?? 0) + 1;
    this.#titles.set(title, times);
    return times === 1 ? title : `${title} (${times})`;
  }
};
