/**
 * `npm run screenshots`: takes the pictures of the README, into media/screenshots. With `-- --access` those to be looked at
 * for high contrast and 200 % zoom, into the folder pictures of the output.
 */
import { continuedElsewhere, installModules } from '../support/setup/modules.mjs';
import { prepareEditor } from '../support/setup/prepare.mjs';
import { run, step } from '../support/setup/shell.mjs';
import { outDir } from '../support/setup/job.mjs';

const node = process.execPath;

await installModules();
if (!(await continuedElsewhere())) {
  await prepareEditor();
  await step('building', () => run(node, ['esbuild.mjs', '--production']));
  await step('building the tests', () => run(node, ['esbuild.mjs', '--tests']));
  await step('taking the pictures', () =>
    run(node, [`${outDir}/test/editor/${process.argv.includes('--access') ? 'accessPictures' : 'screenshots'}.js`]),
  );
}
