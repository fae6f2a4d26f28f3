import { format } from 'node:util';
import type { Page } from 'playwright-core';
import type { VSCodeVersion } from './installed';
import { asUriPath, launchBrowser } from './openVSCode';
import { VSCodeServer } from './server';
import { suiteLine } from './suiteLine';

/**
 * Stands where desktop VS Code's program would: takes the arguments that @vscode/test-electron gives to it, opens the
 * server build with them, and ends with the exit code of the suite.
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

/** VS Code calls these two functions of the page, if they are there, with what a suite prints and how it ends. */
async function untilSuiteEnds(page: Page): Promise<number> {
  return new Promise((resolve, reject) => {
    const crashed = () => reject(new Error('The page of VS Code crashed'));
    page.on('crash', crashed);
    const print = (_type: string, args: unknown[]) => {
      const line = format(...args);
      // The rest is VS Code talking to itself.
      if (line.startsWith(suiteLine)) process.stdout.write(`${line.slice(suiteLine.length)}\n`);
    };
    page.exposeFunction('codeAutomationLog', print).catch(reject);
    page.exposeFunction('codeAutomationExit', (code: number) => resolve(code)).catch(reject);
  });
}

/** The server keeps variables of the editors and of npm away from its children; those of a suite are to get through. */
function suiteEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => /^(SUITE_|NODE_EXTRA_)/.test(entry[0])),
  );
}

// By default a signal ends Node at once, past the handlers of 'exit' that end the server and the browser.
process.once('SIGTERM', () => process.exit(143));

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
