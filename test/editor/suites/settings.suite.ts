import assert from 'node:assert/strict';
import { ConfigurationTarget, extensions, workspace } from 'vscode';
import { lockTimes } from '../../../src/account/vaultTimeout';
import {
  announces,
  clearClipboardAfterSeconds,
  countsAllActivity,
  locksOnSleep,
  presenting,
  syncIntervalMinutes,
  unlocksAllWindows,
  useEnvironmentKey,
  vaultTimeout,
} from '../../../src/ui/settings';

const readers: Readonly<Record<string, () => unknown>> = {
  'vaultside.vaultTimeout': () => lockTimes(vaultTimeout()).minutes,
  'vaultside.unlock': unlocksAllWindows,
  'vaultside.activity': countsAllActivity,
  'vaultside.lockOnSleep': locksOnSleep,
  'vaultside.clipboard.clearAfterSeconds': clearClipboardAfterSeconds,
  'vaultside.announce': announces,
  'vaultside.sync.intervalMinutes': syncIntervalMinutes,
  'vaultside.signIn.useEnvironment': useEnvironmentKey,
  'vaultside.presentationMode': presenting,
};

/** What a person can write into the file of their settings all the same. */
const malformed = ['soon', -1, [], {}];

describe('The settings', () => {
  const declared = Object.keys(properties());

  it('are read, each of them', () => {
    assert.deepEqual(Object.keys(readers).sort(), declared.toSorted());
  });

  it('cannot come from a workspace', async () => {
    for (const name of declared) {
      const value = workspace.getConfiguration().inspect(name)?.defaultValue;
      assert.notEqual(value, undefined, name);
      for (const target of [ConfigurationTarget.Workspace, ConfigurationTarget.WorkspaceFolder]) {
        await assert.rejects(Promise.resolve(workspace.getConfiguration().update(name, value, target)), name);
      }
    }
  });

  for (const [name, read] of Object.entries(readers)) {
    it(`count as left alone where their value makes no sense: ${name}`, async () => {
      const setTo = (value: unknown) => workspace.getConfiguration().update(name, value, ConfigurationTarget.Global);
      const leftAlone = read();
      try {
        for (const value of malformed) {
          await setTo(value);
          assert.deepEqual(workspace.getConfiguration().inspect(name)?.globalValue, value);
          assert.equal(read(), leftAlone, JSON.stringify(value));
        }
      } finally {
        await setTo(undefined);
      }
    });
  }
});

function properties(): object {
  const manifest = extensions.getExtension<unknown>('vaultside.vaultside')!.packageJSON as {
    contributes: { configuration: { properties: object } };
  };
  return manifest.contributes.configuration.properties;
}
