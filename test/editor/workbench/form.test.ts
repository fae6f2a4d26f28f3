import assert from 'node:assert/strict';
import { openText } from '../../../src/bitwarden/crypto/open';
import { sealText } from '../../../src/bitwarden/crypto/seal';
import { anyKeyFromBase64 } from '../../support/keys';
import { ItemForm } from '../host/itemForm';
import { until } from '../host/until';
import type { Theme } from '../host/workbench';
import { suite } from './suite';

const password = 'fake-Octocat-Horse-42';
const token = 'fake-token-17';
const account = {
  folders: ['Work'],
  items: [
    {
      name: 'GitHub',
      username: 'robin-demo',
      password,
      notes: 'Ask Kim.',
      uris: ['https://github.com/login', 'https://gist.github.com'],
      fields: [
        { type: 'hidden' as const, name: 'Token', value: token },
        { type: 'boolean' as const, name: 'SSO', value: 'true' },
        { type: 'linked' as const, name: 'Sign-in name', linkedId: 100 },
      ],
    },
  ],
};
const themes: readonly Theme[] = ['dark', 'light', 'high contrast', 'high contrast light'];

suite('The form of an item', { account, viewport: { width: 1100, height: 1500 } }, (vaultside) => {
  const form = () => new ItemForm(vaultside().workbench.page);
  const key = () => anyKeyFromBase64(vaultside().server.account.plainUserKey);
  const stored = (at: number) => vaultside().server.account.ciphers[at]!;
  const login = (at: number) => stored(at).typed as Record<string, string | null>;
  const read = (at: number, name: string) => openText(login(at)[name] ?? '', key());

  const drafts = () =>
    vaultside()
      .storedFiles()
      .filter((name) => name.includes('draft')).length;

  before(async () => {
    await vaultside().signInAndUnlock();
    await vaultside().tree.expand('All Items');
  });
  after(() => vaultside().workbench.setTheme('light'));

  async function edit(): Promise<void> {
    await vaultside().tree.click('GitHub');
    await form().waitFor('GitHub');
    await form().button('Edit Item').click();
    await form().waitFor('Edit GitHub');
  }

  it('makes a new login by the keyboard alone, which the server then has', async () => {
    const { workbench, quickInput, server } = vaultside();
    await workbench.runCommand('Bitwarden: New Item');
    await quickInput.submit('Login');
    await form().waitFor('New Login');
    const press = (name: string) => workbench.page.keyboard.press(name);
    await until('the first box', async () => (await form().focusedLabel()) === 'Name');
    await press('ControlOrMeta+s');
    await form().frame.getByText('Enter a name.').waitFor();
    await form().type('Mail');
    const typed: Readonly<Record<string, string>> = {
      Username: 'kim',
      Password: 'typed-Pass-1',
      Website: 'https://mail.example',
    };
    for (let tabs = 0; tabs < 20 && (await form().focusedLabel()) !== 'Website'; tabs++) {
      await press('Tab');
      const text = typed[await form().focusedLabel()];
      if (text !== undefined) await form().type(text);
    }
    await press('ControlOrMeta+s');
    await form().waitFor('Mail');
    await form().waitForFocus('Username');
    assert.equal(server.account.ciphers.length, 2);
    assert.deepEqual(
      [openText(stored(1).name ?? '', key()), read(1, 'username'), read(1, 'password')],
      ['Mail', 'kim', 'typed-Pass-1'],
    );
    await vaultside().tree.waitForRow('Mail');
  });

  it('has no secret in its page before that is shown, and hides it when the user goes elsewhere', async () => {
    await edit();
    for (const secret of [password, token]) assert.ok(!(await form().everything()).includes(secret), secret);
    await form().button('Reveal, Password').click();
    await until('the password', async () => (await form().box('Password').inputValue()) === password);
    await vaultside().tree.click('Folders');
    await until('it to be gone', async () => (await form().box('Password').inputValue()) === '');
    assert.ok(!(await form().everything()).includes(password));
    await form().box('Name').focus();
    await form().press('Escape');
    await form().button('Edit Item').waitFor();
  });

  it('moves what is listed by the keyboard, and keeps the focus', async () => {
    await edit();
    await form().box('Website').focus();
    await form().press('Alt+ArrowDown');
    await until(
      'the second place',
      async () => (await form().box('Website 2').inputValue()) === 'https://github.com/login',
    );
    assert.equal(await form().focusedLabel(), 'Website 2');
    await form().badge.waitFor();
    assert.equal(drafts(), 1);
    await form().button('Discard').click();
    await vaultside().workbench.pressModal('Discard');
    await form().button('Edit Item').waitFor();
    assert.equal(drafts(), 0);
  });

  it('keeps what was typed while it is hidden, and over a lock, and offers it again', async () => {
    const { workbench, tree } = vaultside();
    await edit();
    await form().fill('Username', 'kim-draft');
    await form().fill('Password', 'draft-Pass-2');
    await form().badge.waitFor();
    await workbench.runCommand('View: Show Explorer');
    await workbench.openSideBar('Bitwarden');
    await form().waitFor('Edit GitHub');
    assert.equal(await form().box('Username').inputValue(), 'kim-draft');
    await vaultside().lock();
    assert.ok(!(await form().everything()).includes('kim-draft'));
    await vaultside().unlock();
    await tree.expand('All Items');
    await tree.click('GitHub');
    await form().button('Continue Editing').click();
    await form().waitFor('Edit GitHub');
    assert.equal(await form().box('Username').inputValue(), 'kim-draft');
    assert.ok(!(await form().everything()).includes('draft-Pass-2'));
  });

  it('shows what was changed elsewhere beside it, and saves what is chosen', async () => {
    const { server } = vaultside();
    const later = new Date(Date.now() + 60_000).toISOString();
    Object.assign(login(0), { password: sealText('theirs', key()), username: sealText('lee', key()) });
    Object.assign(stored(0), { revisionDate: later });
    server.account.revisionDate = later;
    await form().button('Save').click();
    await until('the way on', async () => (await form().focusedLabel()) === 'Compare');
    await form().press('Enter');
    await form().waitFor('Changed here and elsewhere');
    assert.deepEqual(await form().faults(), []);
    await form().frame.getByRole('group', { name: 'Username' }).getByLabel('Theirs').check();
    await form().button('Use These').click();
    await form().waitFor('Edit GitHub');
    assert.equal(await form().box('Username').inputValue(), 'lee');
    await form().button('Save').click();
    await form().waitForFocus('Username');
    assert.deepEqual([read(0, 'username'), read(0, 'password')], ['lee', 'draft-Pass-2']);
  });

  for (const theme of themes) {
    it(`has no fault that axe finds, and fits into a narrow side bar: ${theme}`, async () => {
      const { workbench } = vaultside();
      await workbench.setTheme(theme);
      if (theme === 'dark') {
        await edit();
        await form().fill('Authenticator key', 'otpauth://hotp/x');
        await form().button('Generate, Password').click();
        await form().box('Name').focus();
      }
      await form().frame.getByText('This is not an authenticator key.').waitFor();
      assert.deepEqual(await form().faults(), []);
      if (theme !== 'dark') return;
      await workbench.setSideBarWidth(170);
      await until('the form to fit', async () => !(await form().scrollsSideways()));
      await workbench.setSideBarWidth(340);
      const { width = 0 } = (await form().box('Website').boundingBox()) ?? {};
      assert.ok(width > 280, `an address has ${width} px`);
      await workbench.setSideBarWidth(300);
    });
  }
});
