/**
 * `npm start`: the extension in a VS Code, signed out, beside a demo server whose key waits in the environment. Ctrl+C ends
 * it all.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutExtension } from './support/setup/extensionFolder.mjs';
import { endProcessesWith } from './support/setup/endProcesses.mjs';
import { continuedElsewhere, installModules } from './support/setup/modules.mjs';
import { prepareEditor } from './support/setup/prepare.mjs';
import { projectRoot, run, say, step } from './support/setup/shell.mjs';

/** Apart from the one of `npm test`, which empties its own. */
const outDir = 'out-start';
const extensionDir = join(projectRoot, outDir, 'extension');
const cleanups = [];

async function main() {
  await step('build of the extension', async () => {
    const env = { ...process.env, OUT_DIR: outDir, DIST_DIR: join(outDir, 'extension', 'dist') };
    await layOutExtension(extensionDir);
    await run(process.execPath, ['esbuild.mjs', '--production'], { env });
    await run(process.execPath, ['esbuild.mjs', '--tests'], { env });
  });
  const compiled = createRequire(join(projectRoot, outDir, 'test', 'start.js'));
  const { demoAccount } = compiled('./server/demo.js');
  const { startServer } = compiled('./server/server.js');

  const workspace = await mkdtemp(join(tmpdir(), 'vaultside-demo-'));
  cleanups.push(() => rm(workspace, { recursive: true, force: true, maxRetries: 5 }));
  await writeFile(
    join(workspace, 'README.md'),
    '# Sample workspace\n\nThe safe in the activity bar, on the left, opens the demo vault.\n',
  );
  const server = await startServer({ dialect: 'official', accounts: [await demoAccount()] });
  cleanups.push(() => server.close());

  const env = {
    BW_SERVER: server.url,
    BW_CLIENTID: server.account.clientId,
    BW_CLIENTSECRET: server.account.clientSecret,
  };

  const desktop = process.env.VAULTSIDE_EDITOR === 'browser' ? undefined : await desktopVSCode();
  if (desktop) {
    tell(server, { place: 'the VS Code window that opens' });
    if (await untilDesktopEnds(desktop, workspace, env)) return stop(0);
    say('VS Code in the browser instead');
  }
  tell(server, await openInBrowser(compiled, workspace, env));
}

async function desktopVSCode() {
  if (process.platform === 'linux' && !hasScreen()) return undefined;
  const shell = process.platform === 'win32';
  if (await run('code', ['--version'], { shell }).catch(() => undefined)) return 'code';
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  const download = downloadAndUnzipVSCode({ cachePath: join(projectRoot, '.vscode-test'), timeout: 10_000 });
  return step('desktop VS Code (download)', () => download.catch(() => undefined));
}

function hasScreen() {
  return Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}

/** Resolves with true once the user has closed the window, and with false if there never was one. */
async function untilDesktopEnds(program, workspace, env) {
  const profile = await mkdtemp(join(tmpdir(), 'vaultside-profile-'));
  cleanups.push(() => rm(profile, { recursive: true, force: true, maxRetries: 5 }));
  const ownProfile = `--user-data-dir=${profile}`;
  const args = [`--extensionDevelopmentPath=${extensionDir}`, ownProfile, '--disable-extensions', '--wait', workspace];
  // Chromium starts for root on no other condition.
  if (process.platform === 'linux' && process.getuid() === 0) args.unshift('--no-sandbox');
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32',
    detached: process.platform !== 'win32',
  });
  let complaint = '';
  child.stderr.on('data', (chunk) => (complaint = (complaint + chunk).slice(-2_000)));
  cleanups.push(() => endEditor(child, ownProfile));
  const end = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  // Ctrl+C has ended it, and us.
  if (stopping) await stopping;
  if (await hadWindow(profile)) return true;
  // `code` ends well and says nothing also when the editor behind it does not start.
  const reason = complaint.trim() || `no reason given; this may tell: code --verbose ${args.join(' ')}`;
  say(`desktop VS Code ended (${end}) before it had a window: ${reason}`);
  return false;
}

/** VS Code keeps a folder of logs for every window. */
async function hadWindow(profile) {
  const files = await readdir(join(profile, 'logs'), { recursive: true }).catch(() => []);
  return files.some((file) => /[\\/]window\d+$/.test(file));
}

/** On Linux `code` starts the editor in a session of its own, where no signal to the group of `code` gets. */
async function endEditor(child, ownProfile) {
  endTree(child);
  if (process.platform !== 'win32') await endProcessesWith(ownProfile);
}

function endTree(child) {
  try {
    if (process.platform === 'win32')
      execFileSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    else process.kill(-child.pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}

async function openInBrowser(compiled, workspace, env) {
  await prepareEditor({ versions: ['newest'], needsBrowser: false });
  const { VSCodeServer } = compiled('./editor/host/server.js');
  const { asUriPath } = compiled('./editor/host/openVSCode.js');
  const vscode = new VSCodeServer({ version: 'newest', extensionDir, allBuiltIns: true, env });
  cleanups.push(() => vscode.stopAndRemove());
  await step('start of VS Code', () => vscode.start());
  const address = `${vscode.origin}/?folder=${encodeURIComponent(asUriPath(workspace))}`;
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform] ?? (hasScreen() ? 'xdg-open' : undefined);
  if (opener && !process.env.VAULTSIDE_EDITOR) spawn(opener, [address], { stdio: 'ignore' }).on('error', () => {});
  return {
    place: address,
    remark: 'This VS Code forgets the key when the page is loaded again; sign in once more then.',
  };
}

function tell(server, { place, remark }) {
  const { clientId, clientSecret, password } = server.account;
  console.log(`
Vaultside is ready in: ${place}
The demo vault and its server are made for this run; all values here are made up.

  server           ${server.url}
  client_id        ${clientId}
  client_secret    ${clientSecret}
  master password  ${password}

Try this, in the order of the walkthrough, which F1 and "Welcome: Open Walkthrough..." open:
  1. Click the safe in the activity bar on the left, then "Sign In with API Key". Press Enter three times: the server
     and the key wait in the environment.
  2. Unlock with the master password above.
  3. Point at GitHub and press "Copy Password", or press F1 and run "Vaultside (Bitwarden): Search Vault".
  4. Press F1 and run "Vaultside (Bitwarden): Rotate API Key". The client_secret above is out of use then.
${remark ? `\n${remark}` : ''}
Ctrl+C ends everything and removes what it made.`);
}

let stopping;
function stop(code) {
  stopping ??= (async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
    process.exit(code);
  })();
  return stopping;
}

await installModules();
if (!(await continuedElsewhere())) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0));
  await main().catch(async (error) => {
    console.error(error);
    await stop(1);
  });
}
