// `npm run bench`: builds, then measures Vaultside side by side with what a user would run instead.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

function run(...args) {
  const { status } = spawnSync(node, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

run('esbuild.mjs', '--tests');
run('esbuild.mjs', '--production');
console.log(
  `\nBundle: ${(statSync(join(root, 'dist', 'extension.js')).size / 1000).toFixed(0)} kB, minified, one file`,
);
run('out/test/bench/kdf.js');
run('out/test/bench/vault.js', ...process.argv.slice(2));
