import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installed, projectRoot } from './host/installed';
import { openVSCode } from './host/openVSCode';

const exec = promisify(execFile);
const { node } = installed().servers.newest;
const vsce = join(projectRoot, 'node_modules', '@vscode', 'vsce', 'vsce');

/** How `npm run package` calls vsce. */
function packageArguments(): string[] {
  const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    scripts: { package: string };
  };
  return manifest.scripts.package.split(' ').slice(1);
}

type LockFile = { packages: Record<string, { dev?: boolean; license?: string; optional?: boolean }> };

describe('the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vaultside-package-'));
  const vsix = join(folder, 'vaultside.vsix');

  before(async () => {
    await exec(node, [vsce, ...packageArguments(), '--out', vsix], { cwd: projectRoot });
  });

  after(() => {
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  it('holds what a user needs and nothing else', async () => {
    const { stdout } = await exec(node, [vsce, 'ls', '--no-dependencies'], { cwd: projectRoot });
    const files = stdout.split('\n').filter((line) => line !== '');
    assert.deepEqual(
      files.filter((file) => !/^media\/(walkthrough\/)?\w[\w-]*\.(svg|png)$/.test(file)).sort(),
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'dist/extension.js',
        'l10n/bundle.l10n.json',
        'package.json',
        'package.nls.json',
      ].sort(),
    );
  });

  it('carries an extension of less than 500 kB', () => {
    assert.ok(statSync(join(projectRoot, 'dist', 'extension.js')).size < 500_000);
  });

  it('is built from freely licensed packages alone', () => {
    const lock = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as LockFile;
    const shipped = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true);
    const allowed = /^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0|0BSD)$/;
    assert.ok(shipped.length > 0);
    assert.deepEqual(
      shipped.filter(([, { license }]) => !allowed.test(license ?? '')).map(([path]) => path),
      [],
    );
    const bundle = readFileSync(join(projectRoot, 'dist', 'extension.js'), 'utf8');
    assert.doesNotMatch(bundle, /@bitwarden\/|GNU General Public/);
  });

  for (const version of ['1.105', 'newest'] as const) {
    it(`installs into VS Code ${version} and is at work there`, async () => {
      const vscode = await openVSCode({ version, workspace: folder, vsix });
      try {
        await vscode.workbench.openSideBar('Bitwarden');
        await vscode.page.locator('.statusbar-item[id^="vaultside.vaultside"]').first().waitFor();
      } finally {
        await vscode.close();
      }
    });
  }
});
