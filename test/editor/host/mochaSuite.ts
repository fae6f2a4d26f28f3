import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import { suiteLine } from './suiteLine';

/**
 * What VS Code calls inside the extension host: runs every `*.suite.js` of the folder SUITE_FOLDER and leaves the
 * results in SUITE_RESULTS, for `npm test` to count.
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
