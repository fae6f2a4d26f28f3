import { format } from 'node:util';
import type { Page } from 'playwright-core';
import type { VSCodeVersion } from './installed';
import { suiteLine } from './mochaSuite';
import { asUriPath, launchBrowser } from './openVSCode';
import { VSCodeServer } from './server';

/**
 * Started in the place of desktop VS Code's program. Takes the arguments that @vscode/test-electron passes to it, opens
 * the server build with them, and ends with the exit code of the suite.
 */
async function main([version, folder, ...rest]: string[]): Promise<number> {
  const option = (name: string) => rest.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '';
  const server = new VSCodeServer({
    version: version as VSCodeVersion,
    acceptsTestSuite: true,
    env: suiteEnvironment(),
  });
  const browser = await launchBrowser();
  try {
    await server.start();
    const remote = (path: string) => `vscode-remote://${server.authority}${asUriPath(path)}`;
    const payload = [
      ['extensionDevelopmentPath', remote(option('extensionDevelopmentPath'))],
      ['extensionTestsPath', remote(option('extensionTestsPath'))],
      ['skipWelcome', 'true'],
    ];
    const query = new URLSearchParams({ folder: asUriPath(folder!), payload: JSON.stringify(payload) });
    const page = await browser.newPage();
    const ended = untilSuiteEnds(page);
    await page.goto(`${server.origin}/?${query.toString()}`);
    return await ended;
  } finally {
    await browser.close();
    await server.stopAndRemove();
  }
}

/**
 * Waits until the suite ends. VS Code calls two functions of the page, if they exist: one with each line that the suite
 * prints, one with its exit code.
 */
async function untilSuiteEnds(page: Page): Promise<number> {
  return new Promise((resolve, reject) => {
    const crashed = () => reject(new Error('The page of VS Code crashed'));
    page.on('crash', crashed);
    const print = (_type: string, args: unknown[]) => {
      const line = format(...args);
      // Other lines are VS Code's own.
      if (line.startsWith(suiteLine)) process.stdout.write(`${line.slice(suiteLine.length)}\n`);
    };
    page.exposeFunction('codeAutomationLog', print).catch(reject);
    page.exposeFunction('codeAutomationExit', (code: number) => resolve(code)).catch(reject);
  });
}

/** Variables for the suite. The server does not hand on those of editors and of npm to its processes. */
function suiteEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => /^(SUITE_|NODE_EXTRA_)/.test(entry[0])),
  );
}

// By default a signal ends Node without calling the handlers of 'exit', which end the server and the browser.
process.once('SIGTERM', () => process.exit(143));

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
