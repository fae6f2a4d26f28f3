import assert from 'node:assert/strict';
import { openingKey, searchKeys } from '../../../src/ui/search/searchKeys';
import { demoVault } from '../../server/demo';
import { defaultKeys } from '../host/defaultKeys';
import { versionUnderTest } from '../host/installed';
import { ItemPage } from '../host/itemPage';
import { appeared } from '../host/patience';
import { until } from '../host/until';
import { suite } from './suite';
import { totpAt } from './totpAt';

const placeholder = 'Search by name';
const password = 'fake-Octocat-Horse-42';
const totp = 'JBSWY3DPEHPK3PXP';
const remote = '[remote "origin"]\n\turl = git@github.com:northwind/app.git\n';

interface Key {
  readonly key: string;
  readonly mac: string;
}

/** The strokes of a key, as the driver of the browser takes them. */
function strokesOf({ key, mac }: Key): readonly string[] {
  const names: Record<string, string> = { ctrl: 'Control', cmd: 'Meta', shift: 'Shift', alt: 'Alt', enter: 'Enter' };
  const strokes = (process.platform === 'darwin' ? mac : key).split(' ');
  return strokes.map((stroke) =>
    stroke
      .split('+')
      .map((part) => names[part] ?? part.toUpperCase())
      .join('+'),
  );
}

suite(
  'Search by the keyboard',
  { account: demoVault, files: { '.git/config': remote }, viewport: { width: 1100, height: 900 } },
  (vaultside) => {
    let strokes = 0;
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await vaultside().workbench.page.keyboard.press(key);
      strokes += keys.length;
    };
    const open = async () => {
      await press(...strokesOf(openingKey));
      await vaultside().quickInput.waitForPlaceholder(placeholder);
    };
    const keyOf = (command: string) => strokesOf(searchKeys.find((each) => each.command === command)!);
    const waitForClipboard = (text: string) =>
      until(`clipboard to hold "${text}"`, async () => (await vaultside().workbench.clipboard()) === text);
    const firstRow = (label: string) =>
      until(`"${label}" to come first`, async () => (await vaultside().quickInput.rows())[0]?.label === label);
    const sections = () => vaultside().quickInput.sections();

    it('has keys that no default of VS Code has, on any system', () => {
      const defaults = defaultKeys(versionUnderTest());
      assert.ok(defaults.count > 1_000, `${defaults.count} read`);
      assert.equal(defaults.isBound('ctrl+k ctrl+s', 'linux'), true, 'they are read');
      assert.equal(defaults.isBound('cmd+k', 'mac'), true, 'which clears the terminal');
      for (const [system, key] of [
        ['win', openingKey.key],
        ['linux', openingKey.key],
        ['mac', openingKey.mac],
      ] as const) {
        assert.equal(defaults.isBound(key, system), false, `${key} on ${system}`);
        assert.equal(defaults.isBound(key.split(' ')[0]!, system), false, `the first stroke of ${key} on ${system}`);
      }
    });

    it('begins with the sign-in where nobody is signed in', async () => {
      const { quickInput } = vaultside();
      // A window that has just been opened may miss a key.
      await until('the sign-in', async () => {
        await press(...strokesOf(openingKey));
        return appeared(quickInput.widget, 5_000);
      });
      await quickInput.waitForPlaceholder('Where is your vault?');
      await quickInput.cancel();
    });

    it('asks for the master password first where the vault is locked', async () => {
      const { quickInput, server } = vaultside();
      await vaultside().signIn();
      await quickInput.cancel();
      await press(...strokesOf(openingKey));
      await quickInput.waitFor('Unlock Vault');
      await quickInput.submit(server.account.password);
      await quickInput.waitForPlaceholder(placeholder);
      await quickInput.cancel();
    });

    it('opens from the editor and from a terminal', async () => {
      const { workbench, quickInput } = vaultside();
      await workbench.runCommand('File: New Untitled Text File');
      await workbench.page.locator('.editor-instance .monaco-editor.focused').waitFor();
      await open();
      await quickInput.cancel();
      await workbench.closeEditors();
      await workbench.runCommand('Terminal: Create New Terminal');
      await workbench.page.locator('.terminal.xterm.focus').waitFor();
      await open();
      await quickInput.cancel();
      await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
      await workbench.closePanel();
    });

    it('begins with the items of the git remotes, then with favorites', async () => {
      const { quickInput } = vaultside();
      await open();
      await firstRow('GitHub');
      assert.deepEqual((await sections()).slice(0, 3), ['This Workspace', 'Favorites', 'All Items']);
      assert.equal((await quickInput.rows()).filter(({ label }) => label === 'GitHub').length, 1);
      await quickInput.cancel();
    });

    it('gives a password in six strokes', async () => {
      strokes = 0;
      await open();
      await press('g', 'i', 't', 'Enter');
      await waitForClipboard(password);
      assert.equal(strokes, 6);
    });

    it('offers the code next, which is of the moment when Enter is pressed', async () => {
      const { quickInput, workbench } = vaultside();
      await open();
      await firstRow('TOTP code of GitHub');
      const earliest = Date.now();
      await press('Enter');
      await quickInput.waitUntilGone();
      await until('a code', async () => {
        const copied = await workbench.clipboard();
        return [earliest, Date.now()].some((time) => totpAt(totp, time) === copied);
      });
    });

    it('gives a whole login in nine strokes: the username, then the password', async () => {
      strokes = 0;
      await open();
      await press('g', 'i', 't', ...keyOf('vaultside.searchCopyUsername'));
      await waitForClipboard('robin-demo');
      await open();
      await firstRow('Password of GitHub');
      await press('Enter');
      await waitForClipboard(password);
      assert.equal(strokes, 9);
    });

    it('goes on as any search when something is typed', async () => {
      await open();
      await firstRow('TOTP code of GitHub');
      await press('c', 'l', 'o', 'u', 'd', 'Enter');
      await waitForClipboard('fake-orange-cloud-7');
    });

    it('views an item, and a note at Enter; opens from the page of an item, too', async () => {
      const { workbench, quickInput } = vaultside();
      const page = new ItemPage(workbench.page);
      await open();
      await quickInput.type('postgres');
      await firstRow('PostgreSQL (local)');
      await press(...keyOf('vaultside.searchViewItem'));
      await page.waitFor('PostgreSQL (local)');
      await until('the focus in the page', () =>
        workbench.page.evaluate(`document.activeElement?.tagName === 'IFRAME'`),
      );
      await open();
      await quickInput.type('checklist');
      await firstRow('Release checklist');
      await press('Enter');
      await page.waitFor('Release checklist');
    });

    it('inserts a password at the cursors', async () => {
      const { workbench, quickInput } = vaultside();
      await workbench.runCommand('File: New Untitled Text File');
      await workbench.page.locator('.editor-instance .monaco-editor.focused').waitFor();
      await open();
      await quickInput.type('postgres');
      await firstRow('PostgreSQL (local)');
      await press(...keyOf('vaultside.searchInsertPassword'));
      await workbench.page.locator('.view-line', { hasText: 'fake-elephants-never-forget' }).waitFor();
      await press('ControlOrMeta+Z');
    });

    it('has what was used last in a section of its own', async () => {
      const { quickInput } = vaultside();
      await open();
      await firstRow('GitHub');
      assert.deepEqual((await sections()).slice(0, 2), ['This Workspace', 'Recent']);
      assert.deepEqual(
        (await quickInput.rows()).slice(1, 3).map(({ label }) => label),
        ['PostgreSQL (local)', 'Release checklist'],
      );
      await quickInput.cancel();
    });

    it('has no dead end: it goes on to the archive, and to a sync', async () => {
      const { quickInput } = vaultside();
      await open();
      await quickInput.type('forum');
      await quickInput.row('No item matches').waitFor();
      await quickInput.row('Sync Vault').waitFor();
      await quickInput.choose('Search Archive');
      await quickInput.row('Old forum').waitFor();
      await quickInput.cancel();
    });
  },
);
