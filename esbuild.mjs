import { build, context } from 'esbuild';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');
const dist = process.env.DIST_DIR ?? 'dist';

const node = { platform: 'node', format: 'cjs', target: 'node22', logLevel: 'info' };

/**
 * VS Code applies the user's proxy and certificate settings in copies of `http`, `https`, `net` and `tls` that an
 * extension gets under exactly these names. The `node:` names give what all extensions share: patched as well today,
 * which is nowhere promised, and open to patches by any of them.
 */
const patchableNetworkModules = {
  name: 'patchable-network-modules',
  setup(b) {
    b.onResolve({ filter: /^node:(https?|net|tls)$/ }, ({ path }) => ({
      path: path.slice('node:'.length),
      external: true,
    }));
  },
};

/**
 * What two packages below node-fetch supply to a Node older than 18, and take from the very same places where it is
 * there. A polyfill of web streams is a quarter of the bundle otherwise.
 */
const builtIntoNode = {
  'node-domexception': 'globalThis.DOMException',
  'web-streams-polyfill/dist/ponyfill.es2018.js': "require('node:stream/web')",
};
const nodeForPolyfills = {
  name: 'node-for-polyfills',
  setup(b) {
    b.onResolve({ filter: /^(node-domexception|web-streams-polyfill\/.*)$/ }, ({ path }) =>
      path in builtIntoNode ? { path, namespace: 'built-into-node' } : undefined,
    );
    b.onLoad({ filter: /.*/, namespace: 'built-into-node' }, ({ path }) => ({
      contents: `module.exports = ${builtIntoNode[path]};`,
    }));
  },
};

/**
 * Of `ws` the client alone, which the package exports only together with the server. Where it finds two packages of native
 * code, in any folder above this one, it takes them; it has the same in JavaScript.
 */
const webSocketClient = {
  name: 'web-socket-client',
  setup(b) {
    b.onResolve({ filter: /^ws$/ }, () => ({
      path: join(dirname(fileURLToPath(import.meta.resolve('ws'))), 'lib', 'websocket.js'),
    }));
    b.onResolve({ filter: /^(bufferutil|utf-8-validate)$/ }, ({ path }) => ({ path, namespace: 'native' }));
    b.onLoad({ filter: /.*/, namespace: 'native' }, () => ({ contents: "throw new Error('left out');" }));
  },
};

/** A worker has to come out of the one bundled file: `import source from 'worker:./x'` yields its code as text. */
const bundledElsewhere = new Set();
const inlineWorkers = {
  name: 'inline-workers',
  setup(b) {
    b.onResolve({ filter: /^worker:/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, `${path.slice('worker:'.length)}.ts`),
      namespace: 'worker',
    }));
    b.onLoad({ filter: /.*/, namespace: 'worker' }, async ({ path }) => {
      const { outputFiles, metafile } = await build({
        ...node,
        entryPoints: [path],
        bundle: true,
        minify: true,
        write: false,
        metafile: true,
      });
      for (const input of Object.keys(metafile.inputs)) bundledElsewhere.add(input);
      return { contents: outputFiles[0].text, loader: 'text', watchFiles: [path] };
    });
  },
};

/**
 * `@noble/ciphers` copies each key before it uses it, by `Uint8Array.from`: V8 keeps such a copy inside its heap, where
 * wiping it leaves others behind. With an ArrayBuffer of its own there is one copy, which the library wipes.
 */
const copied = 'return Uint8Array.from(abytes(bytes));';
const copiedApart = `
  const copy = new Uint8Array(new ArrayBuffer(abytes(bytes).length));
  copy.set(bytes);
  return copy;`;
const wipeableCopies = {
  name: 'wipeable-copies',
  setup(b) {
    b.onLoad({ filter: /@noble[\\/]ciphers[\\/]utils\.js$/ }, async ({ path }) => {
      const parts = (await readFile(path, 'utf8')).split(copied);
      if (parts.length !== 2) throw new Error(`${path} copies keys in another way than expected.`);
      return { contents: parts.join(copiedApart) };
    });
  },
};

/**
 * Every file that imports `vscode` would get a copy of it, with a getter for each of its several hundred names: half of
 * the time that loading the bundle takes. So all files share the one object.
 */
const sharedVscode = {
  name: 'shared-vscode',
  setup(b) {
    b.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/^import \* as vscode from 'vscode';$/m, ''),
      loader: 'ts',
    }));
  },
};

/** Beside the bundle: the licences of what is in it, and, for the test of that, the list of every file in it. */
const thirdPartyNotices = {
  name: 'third-party-notices',
  setup(b) {
    b.onEnd(async ({ metafile }) => {
      if (!metafile) return;
      const inputs = [...new Set([...Object.keys(metafile.inputs), ...bundledElsewhere])].sort();
      const folders = new Set(
        inputs.map((input) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(input)?.[0]).filter(Boolean),
      );
      const notices = await Promise.all([...folders].map(noticeOf));
      const intro = 'Vaultside contains code of the following packages, under the licences given here.\n';
      await writeFile(
        join(dist, 'THIRD-PARTY-NOTICES.txt'),
        [intro, ...notices, wordListNotice].join(`\n${'='.repeat(80)}\n\n`),
      );
      await writeFile(join(dist, 'inputs.json'), JSON.stringify(inputs, null, 2));
    });
  },
};

const wordListNotice = `EFF's Long Wordlist (CC-BY-3.0-US)

The list of words in eff_large_wordlist.txt, unchanged, is by Joseph Bonneau and the Electronic Frontier Foundation:
https://www.eff.org/deeplinks/2016/07/new-wordlists-random-passphrases

Copyright (c) 2016 Electronic Frontier Foundation. It is licensed under the Creative Commons Attribution 3.0 United
States License (https://creativecommons.org/licenses/by/3.0/us/), and comes without warranty of any kind.
`;

async function noticeOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return `${name} ${version} (${license})\n\n${(await licenceText(folder)).trim()}\n`;
}

/** A package without a file for its licence has it at the end of its README. */
async function licenceText(folder) {
  const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name));
  if (file) {
    const text = await readFile(join(folder, file), 'utf8');
    // Apache-2.0 asks for its whole text, to which some packages only point.
    const isPointer = /^\s*http:\/\/www\.apache\.org\/licenses\/LICENSE-2\.0$/m.test(text) && text.length < 2000;
    return isPointer ? `${text}\n${await readFile('node_modules/typescript/LICENSE.txt', 'utf8')}` : text;
  }
  const readme = await readFile(join(folder, 'README.md'), 'utf8');
  const section = /^#* *licen[cs]e\n[-=]*([\s\S]+)$/im.exec(readme);
  if (!section) throw new Error(`${folder} has no text of its licence.`);
  return section[1].replaceAll(/^\[.*\]: .*$/gm, '');
}

/** What runs inside webviews, each with its styles and the icons, beside the extension. */
const pages = {
  entryPoints: ['src/pages/item.ts'],
  bundle: true,
  outdir: join(dist, 'pages'),
  platform: 'browser',
  target: 'chrome138',
  format: 'iife',
  loader: { '.ttf': 'file' },
  assetNames: '[name]',
  minify: production,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

const extension = {
  ...node,
  entryPoints: ['src/extension.ts'],
  bundle: true,
  outfile: join(dist, 'extension.js'),
  external: ['vscode'],
  banner: { js: "'use strict'; const vscode = require('vscode');" },
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  metafile: true,
  plugins: [
    patchableNetworkModules,
    nodeForPolyfills,
    webSocketClient,
    inlineWorkers,
    wipeableCopies,
    sharedVscode,
    thirdPartyNotices,
  ],
};

/** The program that holds user keys for all windows: nothing in it but what it uses. */
const keeper = {
  ...node,
  logLevel: 'warning',
  entryPoints: ['src/keeper/main.ts'],
  bundle: true,
  outfile: join(dist, 'keeper.js'),
  minify: production,
  legalComments: 'none',
  metafile: true,
};

/** The program that measures the strength of what was generated: the dictionaries for that are as large as all the rest. */
const strength = {
  ...keeper,
  entryPoints: ['src/generate/strengthWorker.ts'],
  outfile: join(dist, 'strength.js'),
};

async function copyWords() {
  await mkdir(dist, { recursive: true });
  await copyFile('src/generate/eff_large_wordlist.txt', join(dist, 'eff_large_wordlist.txt'));
}

/** Leaves the files of the house apart from each other, so that tests load each one by its own path. */
const fileByFile = {
  name: 'file-by-file',
  setup(b) {
    b.onResolve({ filter: /^\.\.?\// }, ({ path, kind, namespace, importer }) =>
      kind === 'entry-point' || path.endsWith('.json') || namespace === 'worker' || importer.includes('node_modules')
        ? undefined
        : { path, external: true },
    );
  },
};

/**
 * Tests get these packages as the extension has them: changed by `wipeableCopies`, and read by esbuild, since `cborg`
 * offers itself to `import` alone.
 */
const bundledPackages = {
  name: 'bundled-packages',
  setup(b) {
    b.onResolve({ filter: /^(@noble\/|cborg$)/ }, ({ path }) => ({ path: fileURLToPath(import.meta.resolve(path)) }));
  },
};

/** Types are checked apart, by `npm run check-types`. */
async function compileTests() {
  const sources = [];
  for (const root of ['src', 'test']) {
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      const isOurs = entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.endsWith('pages');
      if (isOurs) sources.push(join(entry.parentPath, entry.name));
    }
  }
  const outdir = process.env.OUT_DIR ?? 'out';
  await build({
    ...node,
    logLevel: 'warning',
    entryPoints: sources,
    outbase: '.',
    outdir,
    bundle: true,
    packages: 'external',
    // A dynamic import has to become a require, which alone finds files without their extension.
    supported: { 'dynamic-import': false },
    sourcemap: 'linked',
    plugins: [inlineWorkers, wipeableCopies, bundledPackages, fileByFile],
  });
}

if (flags.has('--tests')) await compileTests();
else if (flags.has('--watch')) {
  await copyWords();
  for (const bundle of [pages, keeper, strength, extension]) await (await context(bundle)).watch();
} else {
  await copyWords();
  for (const bundle of [pages, keeper, strength]) {
    const { metafile } = await build(bundle);
    for (const input of Object.keys(metafile.inputs)) bundledElsewhere.add(input);
  }
  await build(extension);
}
