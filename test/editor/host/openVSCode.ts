import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { installed } from './installed';
import { succeeds } from './patience';
import { VSCodeServer, type ServerOptions } from './server';
import { until } from './until';
import { Workbench } from './workbench';

export type OpenOptions = ServerOptions & {
  workspace: string;
  viewport?: { width: number; height: number };
};

/** A VS Code with our extension, open in a browser. */
export type VSCode = {
  readonly server: VSCodeServer;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly workbench: Workbench;
  /** The folder of everything that VS Code and we write: settings, state, logs. */
  readonly dataDir: string;
  readonly logsDir: string;
  /** Reloads the window, as "Developer: Reload Window" does. */
  reload(): Promise<void>;
  /**
   * A second window of the same user on the same folder. Unlike desktop VS Code, this build reads the stored secrets
   * once per window: what one window stores, another one sees only after a reload, and gets no event for.
   */
  newWindow(): Promise<Workbench>;
  /** Ends VS Code and starts it again. What was in memory is gone, what was stored is there. */
  restart(): Promise<void>;
  /** Changes user settings while VS Code runs, in its own settings editor: it does not watch the file. */
  writeSettings(changes: Record<string, unknown>): Promise<void>;
  /** Sets the user settings to what they would be after a start with these. */
  setSettings(settings: Record<string, unknown>): Promise<void>;
  resize(viewport: OpenOptions['viewport']): Promise<void>;
  close(): Promise<void>;
};

export async function openVSCode(options: OpenOptions): Promise<VSCode> {
  const server = new VSCodeServer(options);
  let browser: Browser | undefined;
  try {
    await server.start();
    browser = await launchBrowser();
    const context = await newContext(browser, server, options.viewport);
    const open = async (): Promise<Workbench> => {
      const page = await context.newPage();
      await page.goto(address(server, options));
      return Workbench.ready(page);
    };
    const workbench = await open();
    return vscode(server, browser, context, workbench, open);
  } catch (error) {
    await browser?.close();
    await server.stopAndRemove();
    throw error;
  }
}

/**
 * Does something while the user is in another program, and comes back. Playwright makes every page believe that it has
 * the focus, so the page is told what a browser would tell it.
 */
export async function away(page: Page, meanwhile: () => Promise<void>): Promise<void> {
  await page.evaluate(`document.hasFocus = () => false; window.dispatchEvent(new Event('blur'))`);
  try {
    await meanwhile();
  } finally {
    await page.evaluate(`delete document.hasFocus; window.dispatchEvent(new Event('focus'))`);
  }
}

export async function launchBrowser(): Promise<Browser> {
  const { executablePath, args, env } = installed().browser;
  return chromium.launch({ executablePath, args, env: { ...process.env, ...env, TMPDIR: browserFolder() } });
}

let madeBrowserFolder: string | undefined;

/** A folder for the temporary files of browsers, of which a browser may leave some behind when it ends. */
function browserFolder(): string {
  if (madeBrowserFolder !== undefined) return madeBrowserFolder;
  const folder = mkdtempSync(join(tmpdir(), 'vaultside-browser-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  madeBrowserFolder = folder;
  return folder;
}

function vscode(
  server: VSCodeServer,
  browser: Browser,
  context: BrowserContext,
  workbench: Workbench,
  open: () => Promise<Workbench>,
): VSCode {
  const settingsFile = join(server.userDir, 'settings.json');
  const readSettings = async () => JSON.parse(await readFile(settingsFile, 'utf8')) as Record<string, unknown>;
  const replaceSettings = async (settings: Record<string, unknown>) => {
    const saved = async () => isDeepStrictEqual(await readSettings().catch(() => undefined), settings);
    // An editor that is still being opened may miss a key.
    await until('settings to be saved', async () => {
      await workbench.replaceUserSettings(settings);
      return succeeds(until('this attempt', saved, 5_000));
    });
    await workbench.closeEditors();
  };
  const page = workbench.page;
  return {
    server,
    context,
    page,
    workbench,
    dataDir: server.dataDir,
    logsDir: server.logsDir,
    reload: async () => {
      await page.reload();
      await Workbench.ready(page);
    },
    newWindow: open,
    restart: async () => {
      const url = page.url();
      await page.goto('about:blank');
      await server.stop();
      await server.start();
      await page.goto(url);
      await Workbench.ready(page);
    },
    writeSettings: async (changes) => replaceSettings({ ...(await readSettings()), ...changes }),
    setSettings: (settings) => replaceSettings(server.settingsWith(settings)),
    resize: (viewport = defaultViewport) => page.setViewportSize(viewport),
    close: async () => {
      try {
        await browser.close();
      } finally {
        await server.stopAndRemove();
      }
    },
  };
}

const defaultViewport = { width: 1280, height: 800 };

async function newContext(browser: Browser, server: VSCodeServer, viewport = defaultViewport) {
  // VS Code then moves nothing on the screen, and no test waits until it has come to rest.
  const context = await browser.newContext({ viewport, locale: 'en-US', reducedMotion: 'reduce' });
  const { origin } = server;
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  // By default this build keeps secrets in memory. With a key from here it stores them, as desktop VS Code does.
  const key = randomBytes(32);
  await context.addCookies([{ name: 'vscode-secret-key-path', value: '/mint-key', url: origin }]);
  await context.route('**/mint-key', (route) => route.fulfill({ body: key, contentType: 'application/octet-stream' }));
  return context;
}

function address(server: VSCodeServer, { workspace }: OpenOptions): string {
  return `${server.origin}/?${new URLSearchParams({ folder: asUriPath(workspace) }).toString()}`;
}

export function asUriPath(path: string): string {
  const forward = path.replaceAll('\\', '/');
  return forward.startsWith('/') ? forward : `/${forward}`;
}
