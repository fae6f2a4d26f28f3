import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VSCode } from '../../editor/host/openVSCode';
import { closeIdleWindow, leaveWindow, takeWindow } from '../../editor/workbench/sharedWindow';

describe('a VS Code that suites hand on', () => {
  const options = { version: 'newest' } as const;
  const kind = JSON.stringify(Object.entries(options));

  afterEach(closeIdleWindow);

  async function leave(vscode: Partial<VSCode>): Promise<string> {
    const workspace = mkdtempSync(join(tmpdir(), 'vaultside-folder-'));
    writeFileSync(join(workspace, 'hello.txt'), '');
    await leaveWindow({ vscode: vscode as VSCode, workspace, kind, settings: {} });
    return workspace;
  }

  it('is the one that the suite before has left', async () => {
    const workspace = await leave({ resize: () => Promise.resolve(), close: () => Promise.resolve() });
    const window = await takeWindow(options);
    assert.equal(window.workspace, workspace);
    await leaveWindow(window);
  });

  it('is closed where it cannot be made fit for the next suite, which fails', async () => {
    let closed = 0;
    const workspace = await leave({
      resize: () => Promise.reject(new Error('as it should')),
      close: async () => {
        closed++;
        await Promise.resolve();
      },
    });
    await assert.rejects(takeWindow(options), /as it should/);
    assert.equal(closed, 1);
    assert.equal(existsSync(workspace), false);
  });
});
