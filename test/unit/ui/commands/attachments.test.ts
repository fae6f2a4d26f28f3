import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { ChosenFile, DroppedFiles } from '../../../../src/ui/attachments/fileArgument';
import { ShownFiles } from '../../../../src/ui/attachments/shownFiles';
import {
  addAttachment,
  deleteAttachment,
  openAttachment,
  saveAttachment,
} from '../../../../src/ui/commands/attachments';
import type { Parts } from '../../../../src/ui/commands/command';
import { present } from '../../../../src/ui/presentation';
import { LockedError } from '../../../../src/vault/errors';
import type { PlainItem } from '../../../server/items';
import { misbehaviours } from '../../../server/misbehaviours';
import { Screen } from '../../../support/screen';
import { until } from '../../../support/until';
import { scenes } from '../../../support/window';

const content = Buffer.from('what is in the file');
const fileName = '../secret ‮plan.txt';

describe('Commands for files of items', () => {
  const scene = scenes();
  let screen: Screen;
  /** What the dialogs answer, and what they were asked. */
  let saveTo: { scheme: string; fsPath: string } | undefined;
  let asked: { defaultUri: { fsPath: string } }[];
  let tabs: { input: { uri: vscode.Uri } }[];
  beforeEach(() => {
    screen = new Screen();
    [saveTo, asked, tabs] = [undefined, [], []];
    const close = (closed: readonly unknown[]) => {
      tabs = tabs.filter((tab) => !closed.includes(tab));
      return Promise.resolve();
    };
    Object.assign(vscode.window, {
      showSaveDialog: (options: (typeof asked)[number]) => {
        asked.push(options);
        return Promise.resolve(saveTo);
      },
      tabGroups: {
        get all() {
          return [{ tabs }];
        },
        close,
      },
    });
    Object.assign(vscode.commands, {
      executeCommand: (id: string, uri: vscode.Uri) => {
        screen.commands.push(id);
        if (id === 'vscode.open') tabs.push({ input: { uri } });
        return Promise.resolve();
      },
    });
  });
  afterEach(async () => {
    screen.putAway();
    await present(false);
  });

  async function begin(item: Partial<PlainItem> = {}) {
    const items = [{ name: 'Item', attachments: [{ fileName, content }], ...item }];
    const organizations = [{ name: 'Org', collections: ['Team'] }];
    const at = await scene('vaultwarden', { items, organizations });
    const window = await at.unlocked();
    await mkdir(at.folder, { recursive: true });
    const failures: unknown[] = [];
    const shownFiles = new ShownFiles(at.local, join(at.folder, 'own'), (error) => failures.push(error));
    const proofs: string[] = [];
    const values = {
      prove: (_: unknown, __: unknown, does: string) => {
        proofs.push(does);
        return window.session.proveMasterPassword(at.password());
      },
    };
    const { now: session } = window.session;
    const parts = { session, values, local: at.local, shownFiles } as unknown as Parts;
    const file = window.vault.details(window.itemId('Item'))?.attachments[0]?.id ?? '';
    const chosen = new ChosenFile(session.accountId, window.itemId('Item'), file);
    const row = { item: { id: window.itemId('Item') } };
    const shown = async () => {
      const all = await readdir(join(at.folder, 'own'), { recursive: true, withFileTypes: true }).catch(() => []);
      return all.flatMap((each) => (each.isFile() ? [join(each.parentPath, each.name)] : []));
    };
    return { at, window, parts, chosen, row, shown, shownFiles, failures, proofs };
  }

  it('save one where the user says, by a name that leads nowhere else', async () => {
    const { at, parts, chosen, row } = await begin();
    saveTo = { scheme: 'file', fsPath: join(at.folder, 'plan.txt') };
    await saveAttachment(parts, chosen);
    assert.equal(asked[0]!.defaultUri.fsPath, join(homedir(), '.._secret plan.txt'));
    assert.ok(content.equals(await readFile(saveTo.fsPath)));
    saveTo = { scheme: 'file', fsPath: join(at.folder, 'again.txt') };
    await saveAttachment(parts, row);
    assert.ok(content.equals(await readFile(saveTo.fsPath)));
  });

  it('save none on a remote machine, nor where the user gives up, nor for another account', async () => {
    const { at, parts, chosen } = await begin();
    at.server.requests.clear();
    saveTo = { scheme: 'vscode-remote', fsPath: join(at.folder, 'x') };
    await saveAttachment(parts, chosen);
    assert.match(screen.messages.at(-1)!, /this computer alone/);
    saveTo = undefined;
    await saveAttachment(parts, chosen);
    await saveAttachment(parts, new ChosenFile('another', chosen.itemId, chosen.attachmentId));
    assert.equal(at.server.requests.count(), 0);
    assert.equal(asked.length, 2);
  });

  it('open one once the user agrees, for them alone, until the vault locks', async () => {
    const { at, window, parts, chosen, shown, failures } = await begin();
    await openAttachment(parts, chosen);
    assert.match(screen.messages[0]!, /deleted when the vault locks/);
    assert.deepEqual(await shown(), []);
    screen.presses = 'Open Attachment';
    await openAttachment(parts, chosen);
    const [path, ...others] = await shown();
    assert.deepEqual(others, []);
    // VS Code keeps the names of what was open.
    assert.equal(basename(path!), 'attachment.txt');
    assert.ok(content.equals(await readFile(path!)));
    if (process.platform !== 'win32') assert.equal((await stat(path!)).mode & 0o777, 0o600);
    assert.deepEqual(
      tabs.map(({ input }) => input.uri.fsPath),
      [path],
    );
    assert.equal(screen.commands.at(-1), 'workbench.action.files.setActiveEditorReadonlyInSession');
    await window.session.lock();
    await until('the file is gone', async () => (await shown()).length === 0 && tabs.length === 0);
    assert.deepEqual([failures, at.server.requests.count('GET /api/sync') > 0], [[], true]);
  });

  it('leave no open one behind when the window ends, or when the vault locks while it is written', async () => {
    const { at, window, parts, chosen, shown, shownFiles } = await begin();
    screen.presses = 'Open Attachment';
    await openAttachment(parts, chosen);
    assert.equal((await shown()).length, 1);
    await shownFiles.clear();
    assert.deepEqual(await shown(), []);
    const held = at.server.faults.arm(/^GET \/attachments\//, misbehaviours.holdAnswer, 1);
    const opening = assert.rejects(openAttachment(parts, chosen), LockedError);
    await held.arrived();
    await window.session.lock();
    held.remove();
    await opening;
    await until('no file is left', async () => (await shown()).length === 0);
  });

  it('delete one that is committed in the moment of a lock', async () => {
    const { at, window, parts, chosen, shown } = await begin();
    screen.presses = 'Open Attachment';
    const make = at.local.shown.bind(at.local);
    at.local.shown = async (name) => {
      const file = await make(name);
      const commit = async () => {
        await file.commit();
        await window.session.lock();
      };
      return { ...file, commit };
    };
    await assert.rejects(openAttachment(parts, chosen), LockedError);
    await until('no file is left', async () => (await shown()).length === 0);
    assert.deepEqual(tabs, []);
  });

  it('close the editors that VS Code has opened again, whose files are gone', async () => {
    const { at } = await begin();
    const uri = (path: string) => ({ input: { uri: vscode.Uri.file(path) } });
    tabs.push(uri(join(at.folder, 'own', '1-2-3', 'x', 'attachment.txt')), uri(join(at.folder, 'other.txt')));
    new ShownFiles(at.local, join(at.folder, 'own'), (error) => assert.ifError(error));
    assert.deepEqual(
      tabs.map(({ input }) => basename(input.uri.fsPath)),
      ['other.txt'],
    );
  });

  it('ask for the master password where the item does, and for nothing twice', async () => {
    const { at, parts, chosen, proofs } = await begin({ reprompt: true });
    saveTo = { scheme: 'file', fsPath: join(at.folder, 'plan.txt') };
    await saveAttachment(parts, chosen);
    screen.presses = 'Open Attachment';
    await openAttachment(parts, chosen);
    screen.presses = 'Delete Attachment';
    await deleteAttachment(parts, chosen);
    assert.deepEqual(proofs, ['save', 'openFile', 'delete']);
    assert.equal(at.account.ciphers[0]!.attachments.length, 0);
    assert.ok(!screen.text.includes('plan'));
  });

  it('show neither a file nor its name in presentation mode', async () => {
    const { at, parts, chosen, shown } = await begin();
    await present(true);
    screen.presses = 'Open Attachment';
    await openAttachment(parts, chosen);
    assert.deepEqual(await shown(), []);
    saveTo = { scheme: 'file', fsPath: join(at.folder, 'x') };
    await saveAttachment(parts, chosen);
    screen.presses = undefined;
    await deleteAttachment(parts, chosen);
    assert.equal(asked[0]!.defaultUri.fsPath, join(homedir(), 'attachment.txt'));
    assert.ok(!screen.text.includes('plan'), screen.text);
  });

  it('add what was dropped once the user agrees, and delete it', async () => {
    const { at, window, parts, chosen } = await begin({ attachments: [] });
    const path = join(at.folder, 'dropped.txt');
    await writeFile(path, content);
    // eslint-disable-next-line @typescript-eslint/require-await -- as files are read
    const pieces = async function* () {
      yield content;
    };
    const files = [path, { name: 'held.txt', size: content.length, pieces }];
    const dropped = new DroppedFiles(window.session.accountId!, chosen.itemId, files);
    await addAttachment(parts, dropped);
    assert.equal(at.account.ciphers[0]!.attachments.length, 0);
    screen.presses = 'Add Attachment';
    await addAttachment(parts, new DroppedFiles('another', chosen.itemId, files));
    assert.equal(at.account.ciphers[0]!.attachments.length, 0);
    await addAttachment(parts, dropped);
    const names = () => window.vault.details(chosen.itemId)!.attachments.map(({ name }) => name);
    assert.deepEqual(names(), ['dropped.txt', 'held.txt']);
    const [, held] = window.vault.details(chosen.itemId)!.attachments;
    screen.presses = undefined;
    const second = new ChosenFile(window.session.accountId, chosen.itemId, held!.id);
    await deleteAttachment(parts, second);
    assert.equal(names().length, 2);
    screen.presses = 'Delete Attachment';
    await deleteAttachment(parts, second);
    assert.deepEqual(names(), ['dropped.txt']);
  });

  for (const [what, item, says] of [
    ['in the trash', { trashed: true }, /restored first/],
    [
      'of an organization that lets them read',
      { organization: 'Org', collections: ['Team'], edit: false },
      /does not let/,
    ],
  ] as const) {
    it(`change nothing of an item ${what}, and ask nothing`, async () => {
      const { at, window, parts, chosen } = await begin(item);
      const dropped = new DroppedFiles(window.session.accountId!, chosen.itemId, ['/nowhere']);
      for (const work of [addAttachment(parts, dropped), deleteAttachment(parts, chosen)]) await work;
      assert.equal(screen.messages.length, 2);
      for (const message of screen.messages) assert.match(message, says);
      assert.equal(at.account.ciphers[0]!.attachments.length, 1);
    });
  }
}).timeout(30_000);
