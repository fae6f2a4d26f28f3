import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { installed, projectRoot, type VSCodeVersion } from './installed';

export type SuiteRun = {
  version: VSCodeVersion;
  /** A compiled module with a `run()` that rejects when a test failed. */
  suite: string;
  extensionDir?: string;
  env?: Record<string, string>;
};

/**
 * Runs a suite inside VS Code's extension host, where it has `vscode`. With VSCODE_EXECUTABLE set that is the desktop
 * VS Code named there; otherwise our launcher, which takes the very same arguments, runs the server build.
 */
export async function runInExtensionHost({
  version,
  suite,
  extensionDir = process.env.EXTENSION_DIR ?? projectRoot,
  env = {},
}: SuiteRun): Promise<void> {
  const workspace = mkdtempSync(join(tmpdir(), 'vaultside-workspace-'));
  const profile = mkdtempSync(join(tmpdir(), 'vaultside-profile-'));
  const desktop = process.env.VSCODE_EXECUTABLE;
  const launcher = [join(__dirname, 'launch.js'), version];
  try {
    await runTests({
      vscodeExecutablePath: desktop ?? installed().servers.newest.node,
      extensionDevelopmentPath: extensionDir,
      extensionTestsPath: suite,
      launchArgs: [...(desktop ? [] : launcher), workspace, `--user-data-dir=${profile}`, '--disable-extensions'],
      extensionTestsEnv: { ...env, SUITE_LOGS: join(profile, 'logs') },
    });
  } finally {
    for (const folder of [workspace, profile]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
