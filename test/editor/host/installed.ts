import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type VSCodeVersion = '1.105' | 'newest';

type Installed = {
  servers: Record<VSCodeVersion, { root: string; node: string }>;
  browser: { executablePath: string; args: string[]; env: Record<string, string> };
};

/** Tests run from the folder of the project, whatever folder they were compiled to. */
export const projectRoot = process.cwd();

/** What the set-up (test/support/setup/prepare.mjs) found or fetched. */
export function installed(): Installed {
  const record = join(projectRoot, '.vscode-test', 'installed.json');
  try {
    return JSON.parse(readFileSync(record, 'utf8')) as Installed;
  } catch (cause) {
    throw new Error('No VS Code is set up yet: run `node test/support/setup/prepare.mjs` once.', { cause });
  }
}

/** The version that `npm test` runs the workbench suites for right now. */
export function versionUnderTest(): VSCodeVersion {
  return process.env.VSCODE_VERSION === '1.105' ? '1.105' : 'newest';
}
