import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { installed, projectRoot } from './host/installed';
import { openVSCode } from './host/openVSCode';

const exec = promisify(execFile);
const { node } = installed().servers.newest;
const packager = join(projectRoot, 'package.mjs');

const shippedFiles = [
  '[Content_Types].xml',
  'extension.vsixmanifest',
  'extension/LICENSE.txt',
  'extension/SECURITY.md',
  'extension/changelog.md',
  'extension/dist/THIRD-PARTY-NOTICES.txt',
  'extension/dist/eff_large_wordlist.txt',
  'extension/dist/extension.js',
  'extension/dist/keeper.js',
  ...['codicon.ttf', 'icons.ttf', 'item.css', 'item.js'].map((file) => `extension/dist/pages/${file}`),
  'extension/dist/strength.js',
  'extension/l10n/bundle.l10n.json',
  'extension/media/activity-bar.svg',
  'extension/media/icon.png',
  'extension/media/icons.ttf',
  ...['actions', 'copied', 'item', 'rotate', 'search', 'sign-in'].map(
    (picture) => `extension/media/screenshots/${picture}.png`,
  ),
  'extension/media/screenshots/tour.gif',
  ...['unlock', 'vault-light', 'vault'].map((picture) => `extension/media/screenshots/${picture}.png`),
  ...['copy', 'key', 'rotate', 'signIn', 'unlock'].map((picture) => `extension/media/walkthrough/${picture}.svg`),
  'extension/package.json',
  'extension/package.nls.json',
  'extension/readme.md',
];

/** Where each file of a zip archive begins, by its name, from the directory at its end. */
function entriesOf(archive: Buffer): Map<string, number> {
  const end = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const entries = new Map<string, number>();
  let entry = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const [name, extra, comment] = [28, 30, 32].map((field) => archive.readUInt16LE(entry + field)) as [
      number,
      number,
      number,
    ];
    entries.set(archive.toString('utf8', entry + 46, entry + 46 + name), entry);
    entry += 46 + name + extra + comment;
  }
  return entries;
}

const filesIn = (archive: Buffer) => [...entriesOf(archive).keys()];

function textOf(archive: Buffer, name: string): string {
  const entry = entriesOf(archive).get(name) ?? assert.fail(name);
  const start = archive.readUInt32LE(entry + 42);
  const from = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28);
  return inflateRawSync(archive.subarray(from, from + archive.readUInt32LE(entry + 20))).toString();
}

interface Sbom {
  readonly bomFormat: string;
  readonly serialNumber: string;
  readonly components: readonly { readonly purl: string; readonly hashes: readonly { readonly content: string }[] }[];
}

type LockFile = { packages: Record<string, { version: string; license?: string }> };

/** The packages in the bundle. One that is not listed here has to be looked at before it ships. */
const shippedPackages = [
  'node_modules/@noble/ciphers',
  'node_modules/@noble/curves',
  'node_modules/@noble/hashes',
  'node_modules/@noble/post-quantum',
  'node_modules/@vscode/codicons',
  'node_modules/@zxcvbn-ts/core',
  'node_modules/@zxcvbn-ts/dictionary-compression',
  'node_modules/@zxcvbn-ts/language-common',
  'node_modules/cborg',
  'node_modules/data-uri-to-buffer',
  'node_modules/fastest-levenshtein',
  'node_modules/fetch-blob',
  'node_modules/formdata-polyfill',
  'node_modules/hash-wasm',
  'node_modules/node-fetch',
  'node_modules/otpauth',
  'node_modules/ws',
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
  const sbom = join(folder, 'vaultside.cdx.json');

  before(async () => {
    await exec(node, [packager, '--out', vsix], { cwd: projectRoot });
  });

  after(() => {
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  it('holds what a user needs and nothing else', () => {
    assert.deepEqual(filesIn(readFileSync(vsix)).sort(), shippedFiles);
  });

  it('is the same, byte for byte, when it is built again', async () => {
    const again = join(folder, 'again.vsix');
    await exec(node, [packager, '--out', again], { cwd: projectRoot });
    assert.ok(readFileSync(again).equals(readFileSync(vsix)), 'the package');
    assert.equal(readFileSync(join(folder, 'again.cdx.json'), 'utf8'), readFileSync(sbom, 'utf8'));
  });

  it('has beside it the list of the packages in it, with their versions and hashes', () => {
    const { bomFormat, serialNumber, components } = JSON.parse(readFileSync(sbom, 'utf8')) as Sbom;
    assert.equal(bomFormat, 'CycloneDX');
    assert.match(serialNumber, /^urn:uuid:[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    const { packages } = JSON.parse(inProject('package-lock.json')) as LockFile;
    assert.deepEqual(
      components.map(({ purl }) => decodeURIComponent(purl)).sort(),
      shippedPackages.map((path) => `pkg:npm/${path.slice('node_modules/'.length)}@${packages[path]?.version}`).sort(),
    );
    for (const { hashes } of components) assert.match(hashes[0]?.content ?? '', /^[\da-f]{128}$/);
  });

  it('is not published before the owner has named repository, bugs and homepage', async () => {
    const refused = await exec(node, [packager, '--publish'], { cwd: projectRoot }).catch((error: unknown) => error);
    const { code, stderr, stdout } = refused as { code: number; stderr: string; stdout: string };
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^Not published: package\.json names no repository\.url, no bugs\.url, no homepage yet/);
  });

  it('names pictures by addresses that the Marketplace shows, once there is a repository', async () => {
    const copy = join(folder, 'named');
    const names = ['node_modules', 'out', '.vscode-test', '.git'];
    cpSync(projectRoot, copy, {
      recursive: true,
      filter: (path) => !names.some((name) => path === join(projectRoot, name)),
    });
    const manifest = JSON.parse(inProject('package.json')) as Record<string, unknown>;
    Object.assign(manifest, { repository: { type: 'git', url: 'https://github.com/example/vaultside' }, scripts: {} });
    writeFileSync(join(copy, 'package.json'), JSON.stringify(manifest));
    await exec(node, [packager, '--out', join(copy, 'named.vsix')], { cwd: copy });
    const readme = textOf(readFileSync(join(copy, 'named.vsix')), 'extension/readme.md');
    const pictures = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, target]) => target!);
    assert.ok(pictures.length > 5);
    for (const picture of pictures)
      assert.match(
        picture,
        /^https:\/\/github\.com\/example\/vaultside\/raw\/HEAD\/media\/screenshots\/[\w-]+\.(?:png|gif)$/,
      );
  });

  it('carries an extension of less than 640 kB, without the words and the dictionaries of the generator', () => {
    assert.ok(statSync(join(projectRoot, 'dist', 'extension.js')).size < 640_000);
    for (const [word, file] of [
      ['abdominal', 'eff_large_wordlist.txt'],
      ['adjacencyGraphs', 'strength.js'],
    ] as const) {
      assert.ok(inProject('dist', file).includes(word), file);
      assert.ok(!inProject('dist', 'extension.js').includes(word), word);
    }
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
    assert.deepEqual(titles, [...expected, "EFF's Long Wordlist"]);
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
