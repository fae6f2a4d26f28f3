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

/** The arguments with which `npm run package` calls vsce. */
function packageArguments(): string[] {
  const manifest = JSON.parse(inProject('package.json')) as { scripts: { package: string } };
  return manifest.scripts.package.split(' ').slice(1);
}

const shippedFiles = [
  '[Content_Types].xml',
  'extension.vsixmanifest',
  'extension/CONTRIBUTING.md',
  'extension/LICENSE.txt',
  'extension/SECURITY.md',
  'extension/changelog.md',
  'extension/dist/THIRD-PARTY-NOTICES.txt',
  'extension/dist/extension.js',
  'extension/dist/keeper.js',
  ...['codicon.ttf', 'icons.ttf', 'item.css', 'item.js'].map((file) => `extension/dist/pages/${file}`),
  'extension/l10n/bundle.l10n.json',
  'extension/media/activity-bar.svg',
  'extension/media/icon.png',
  'extension/media/icons.ttf',
  ...['actions', 'copied', 'item', 'rotate', 'search', 'sign-in', 'unlock', 'vault-light', 'vault'].map(
    (picture) => `extension/media/screenshots/${picture}.png`,
  ),
  ...['copy', 'key', 'signIn', 'unlock'].map((picture) => `extension/media/walkthrough/${picture}.svg`),
  'extension/package.json',
  'extension/package.nls.json',
  'extension/readme.md',
];

/** The names of the files in a zip archive, from the directory at its end. */
function filesIn(archive: Buffer): string[] {
  const end = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const names: string[] = [];
  let entry = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const [name, extra, comment] = [28, 30, 32].map((field) => archive.readUInt16LE(entry + field)) as [
      number,
      number,
      number,
    ];
    names.push(archive.toString('utf8', entry + 46, entry + 46 + name));
    entry += 46 + name + extra + comment;
  }
  return names;
}

type LockFile = { packages: Record<string, { version: string; license?: string }> };

/** The packages in the bundle. One that is not listed here has to be looked at before it ships. */
const shippedPackages = [
  'node_modules/@noble/ciphers',
  'node_modules/@noble/curves',
  'node_modules/@noble/hashes',
  'node_modules/@noble/post-quantum',
  'node_modules/@vscode/codicons',
  'node_modules/cborg',
  'node_modules/data-uri-to-buffer',
  'node_modules/fetch-blob',
  'node_modules/formdata-polyfill',
  'node_modules/hash-wasm',
  'node_modules/node-fetch',
  'node_modules/otpauth',
];

function inProject(...path: string[]): string {
  return readFileSync(join(projectRoot, ...path), 'utf8');
}

/** The folders of the packages that esbuild took a file from, for the bundle or for the worker inside it. */
function bundledPackages(): string[] {
  const inputs = JSON.parse(inProject('dist', 'inputs.json')) as string[];
  assert.ok(inputs.includes('src/extension.ts') && inputs.includes('src/bitwarden/crypto/argon2Worker.ts'));
  const folders = inputs.map((input) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

describe('the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vaultside-package-'));
  const vsix = join(folder, 'vaultside.vsix');

  before(async () => {
    await exec(node, [vsce, ...packageArguments(), '--out', vsix], { cwd: projectRoot });
  });

  after(() => {
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  it('holds what a user needs and nothing else', () => {
    assert.deepEqual(filesIn(readFileSync(vsix)).sort(), shippedFiles);
  });

  it('carries an extension of less than 500 kB', () => {
    assert.ok(statSync(join(projectRoot, 'dist', 'extension.js')).size < 500_000);
  });

  it('holds every picture and every document that its README points to', () => {
    const files = filesIn(readFileSync(vsix));
    const targets = [...inProject('README.md').matchAll(/\]\(([^)#\s]+)/g)].map(([, target]) => target!);
    const relative = targets.filter((target) => !/^[a-z]+:/i.test(target));
    assert.ok(relative.length > 0);
    const missing = relative.filter((target) => !files.includes(`extension/${target}`));
    assert.deepEqual(missing, []);
  });

  it('is built from the packages that we know, all of them freely licensed', () => {
    assert.deepEqual(bundledPackages(), shippedPackages);
    const { packages } = JSON.parse(inProject('package-lock.json')) as LockFile;
    const unfree = shippedPackages.filter(
      (folder) => !/^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0|0BSD|CC-BY-4\.0)$/.test(packages[folder]?.license ?? ''),
    );
    assert.deepEqual(unfree, []);
    assert.doesNotMatch(inProject('dist', 'extension.js'), /@bitwarden\/|GNU General Public/);
  });

  it('gives the licence of every package in it', () => {
    const { packages } = JSON.parse(inProject('package-lock.json')) as LockFile;
    const notices = inProject('dist', 'THIRD-PARTY-NOTICES.txt')
      .split(/^={80}$/m)
      .slice(1);
    const titles = notices.map((notice) => notice.trim().split(' (')[0]);
    const expected = shippedPackages.map(
      (folder) => `${folder.slice('node_modules/'.length)} ${packages[folder]?.version}`,
    );
    assert.deepEqual(titles, expected);
    const isIcons = (notice: string) => notice.includes('Creative Commons Attribution 4.0 International');
    for (const notice of notices.filter((each) => !isIcons(each)))
      assert.match(notice, /copyright (©|\(c\)|\d{4}) [^]*without warrant(y|ies or conditions) of any kind/i);
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
