import { join } from 'node:path';
import { runInExtensionHost } from './extensionHost';
import { projectRoot, versionUnderTest } from './installed';

/** Runs the suites of test/editor/suites inside the extension host of the VS Code that VSCODE_VERSION names. */
runInExtensionHost({
  version: versionUnderTest(),
  suite: join(__dirname, 'mochaSuite.js'),
  env: {
    SUITE_REPORTER: join(projectRoot, 'test', 'support', 'setup', 'reporter.cjs'),
    SUITE_FOLDER: join(__dirname, '..', 'suites'),
    SUITE_RESULTS: process.env.SUITE_RESULTS ?? '',
  },
}).catch((error: unknown) => {
  console.error(String(error));
  process.exitCode = 1;
});
