/** The strings of the source, as `npm run l10n` gathers them, are the ones that l10n/ offers to translators. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'vaultside-l10n-'));
try {
  const tool = join('node_modules', '@vscode', 'l10n-dev', 'dist', 'cli.js');
  const { status, stderr } = spawnSync(process.execPath, [tool, 'export', '--outDir', folder, './src'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const read = (root) => JSON.parse(readFileSync(join(root, 'bundle.l10n.json'), 'utf8'));
  const [wanted, found] = [read(folder), read('l10n')];
  const missing = Object.keys(wanted).filter((key) => !(key in found));
  const stale = Object.keys(found).filter((key) => !(key in wanted));
  for (const key of missing) console.error(`missing from l10n/bundle.l10n.json: ${key}`);
  for (const key of stale) console.error(`no longer in the source: ${key}`);
  if (missing.length + stale.length > 0) {
    console.error('Run `npm run l10n` and commit what it writes.');
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
