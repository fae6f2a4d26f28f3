import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { cached, cacheRoot, exists } from './cache.mjs';
import { projectRoot, run, say, step } from './shell.mjs';

const names = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'msedge',
  'chrome',
];

/**
 * A browser of the Chromium family that starts here: `{ executablePath, args, env }`. An installed one if there is one,
 * else the one inside the npm package @sparticuz/chromium (Linux x64), else Debian's, else an error that says what to do.
 */
export async function findBrowser() {
  for (const executablePath of await installed()) {
    const browser = { executablePath, args: safeArgs, env: {} };
    if (await starts(browser)) return browser;
    say(`${executablePath} is there but does not start without a screen; looking further`);
  }
  if (process.platform === 'linux' && process.arch === 'x64') {
    const browser = await packaged();
    if (await starts(browser)) return browser;
  }
  if (process.platform === 'linux' && process.getuid() === 0 && (await exists('/etc/debian_version'))) {
    await step('Debian package chromium', installDebianChromium).catch((error) => say(error.message));
    const browser = { executablePath: '/usr/bin/chromium', args: safeArgs, env: {} };
    if (await starts(browser)) return browser;
  }
  throw new Error(
    'No browser to run the editor tests in. Install Google Chrome, Chromium or Microsoft Edge ' +
      '(Debian: apt-get install chromium), or name one in the environment variable CHROME_PATH.',
  );
}

/** No telemetry, no updates, no first-run pages; and no sandbox where user namespaces may be missing. */
const safeArgs = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.platform === 'linux' ? ['--no-sandbox', '--disable-dev-shm-usage'] : []),
];

async function installed() {
  const candidates = process.env.CHROME_PATH ? [process.env.CHROME_PATH] : [];
  const separator = process.platform === 'win32' ? ';' : ':';
  const suffix = process.platform === 'win32' ? '.exe' : '';
  for (const folder of (process.env.PATH ?? '').split(separator)) {
    for (const name of names) candidates.push(join(folder, name + suffix));
  }
  const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
  if (process.platform === 'darwin')
    candidates.push(...apps.map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`));
  for (const folder of [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]) {
    if (!folder) continue;
    candidates.push(
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    );
  }
  const found = await Promise.all(candidates.map(exists));
  return candidates.filter((_, index) => found[index]);
}

async function starts({ executablePath, args, env }) {
  // Where there is no such program, Playwright would leave two folders behind.
  if (!(await exists(executablePath))) return false;
  const { chromium } = await import('playwright-core');
  try {
    const browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env }, timeout: 30_000 });
    const page = await browser.newPage();
    await page.setContent('<p>it starts');
    await browser.close();
    return true;
  } catch {
    return false;
  }
}

/** Unpacks the packaged Chromium, with the libraries that a bare machine lacks and fonts fit for pictures. */
async function packaged() {
  const source = join(projectRoot, 'node_modules', '@sparticuz', 'chromium');
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
  const folder = await cached(
    `chromium-${version}`,
    `Chromium ${version} (npm package @sparticuz/chromium)`,
    async (to) => {
      const unpacked = async (name) => brotliDecompressSync(await readFile(join(source, 'bin', `${name}.br`)));
      await writeFile(join(to, 'chromium'), await unpacked('chromium'), { mode: 0o755 });
      for (const name of ['al2023.tar', 'swiftshader.tar', 'fonts.tar']) {
        await writeFile(join(to, name), await unpacked(name));
        await run('tar', ['--no-same-owner', '-xf', name], { cwd: to });
      }
    },
  );
  const fontsConf = join(cacheRoot, 'fonts.conf');
  await writeFile(
    fontsConf,
    fontConfiguration([join(folder, 'fonts'), join(projectRoot, 'node_modules', 'dejavu-fonts-ttf', 'ttf')]),
  );
  await mkdir(join(cacheRoot, 'fonts-cache'), { recursive: true });
  return {
    executablePath: join(folder, 'chromium'),
    args: safeArgs,
    env: { LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_FILE: fontsConf },
  };
}

function fontConfiguration(folders) {
  const prefer = (generic, family) =>
    `<alias binding="strong"><family>${generic}</family><prefer><family>${family}</family></prefer></alias>`;
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${folders.map((folder) => `<dir>${folder}</dir>`).join('\n')}
<dir>/usr/share/fonts</dir>
<cachedir>${join(cacheRoot, 'fonts-cache')}</cachedir>
${prefer('system-ui', 'Open Sans')}
${prefer('sans-serif', 'Open Sans')}
${prefer('monospace', 'DejaVu Sans Mono')}
</fontconfig>
`;
}

async function installDebianChromium() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-q'], { env });
  await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], { env });
}
