import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

/** The beginning of lines that a suite prints. VS Code's own lines lack it. */
export const suiteLine = 'suite| ';

/**
 * Called by VS Code inside the extension host. Runs every `*.suite.js` of the folder SUITE_FOLDER, and writes the
 * results to SUITE_RESULTS, where `npm test` counts them.
 */
export async function run(): Promise<void> {
  const folder = process.env.SUITE_FOLDER!;
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => console.log(suiteLine + format(...args));
  const options = { timeout: 60_000, forbidOnly: true, forbidPending: true };
  const mocha = new Mocha({ ...options, reporter: process.env.SUITE_REPORTER! });
  for (const name of readdirSync(folder).sort()) {
    if (name.endsWith('.suite.js')) mocha.addFile(join(folder, name));
  }
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}
