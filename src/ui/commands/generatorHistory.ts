import * as vscode from 'vscode';
import type { Generated } from '../../account/generatorHistory';
import { printable } from '../../base/printable';
import { formatTime, MASK } from '../labels';
import { isPresenting, onDidChangePresenting } from '../presentation';
import { AccountWatch } from '../prompts/accountWatch';
import { closeEmpty } from '../prompts/box';
import { showValue } from '../prompts/showValue';
import { unlockedVault } from '../prompts/unlock';
import { withoutIcons } from '../untrustedText';
import type { Parts } from './command';
import { commandTitle } from './commandId';
import { copyGenerated, generatedWords } from './copyGenerated';

type HistoryRow = vscode.QuickPickItem & { readonly entry?: Generated };

/** What the user wants done with one of them, or with all. */
type Wish = { readonly does: 'copy' | 'show'; readonly entry: Generated } | { readonly does: 'clear' };

/** Shows what was generated and used: when it was, and on request what. */
export async function showGeneratorHistory(parts: Parts): Promise<void> {
  const { session, clipboard } = parts;
  if ((await unlockedVault(session)) === undefined) return;
  const watch = new AccountWatch(session);
  const entries = await session.generatorHistory.entries();
  watch.checkNotLocked();
  const wish = await ask(entries, watch);
  if (wish === undefined) return;
  session.touch();
  if (wish.does === 'clear') {
    await clear(parts, watch);
    return;
  }
  const { kind, text } = wish.entry;
  if (wish.does === 'show') {
    const then = await showValue({ title: generatedWords(kind), value: text, closeOn: watch.onLockedOrGone });
    if (then !== 'copy') return;
    watch.checkNotLocked();
  }
  await copyGenerated(clipboard, kind, text);
}

function ask(entries: readonly Generated[], watch: AccountWatch): Promise<Wish | undefined> {
  const pick = vscode.window.createQuickPick<HistoryRow>();
  const clearButton = { iconPath: new vscode.ThemeIcon('clear-all'), tooltip: vscode.l10n.t('Clear History') };
  pick.title = commandTitle('vaultside.generatorHistory');
  pick.placeholder = vscode.l10n.t('Enter copies it once more');
  if (entries.length > 0) pick.buttons = [clearButton];
  pick.items =
    entries.length > 0
      ? entries.map(rowOf)
      : [{ label: vscode.l10n.t('Nothing yet: what you generate and use is kept here'), alwaysShow: true }];
  return new Promise((resolve) => {
    const end = (wish?: Wish) => {
      resolve(wish);
      closeEmpty(pick);
    };
    const closing = vscode.Disposable.from(
      watch.onLockedOrGone(() => end()),
      // It shows what it was given before.
      onDidChangePresenting((isOn) => (isOn ? end() : undefined)),
    );
    pick.onDidAccept(() => {
      const entry = pick.activeItems[0]?.entry;
      end(entry && { does: 'copy', entry });
    });
    pick.onDidTriggerItemButton(({ item: { entry } }) => end(entry && { does: 'show', entry }));
    pick.onDidTriggerButton(() => end({ does: 'clear' }));
    pick.onDidHide(() => {
      resolve(undefined);
      closing.dispose();
      pick.dispose();
    });
    pick.show();
  });
}

/** A username is no secret, as in an item. */
function rowOf(entry: Generated): HistoryRow {
  const { kind, text, at } = entry;
  const isOpen = kind === 'username' && !isPresenting();
  return {
    entry,
    label: isOpen ? withoutIcons(printable(text)) : MASK,
    description: `${generatedWords(kind)} · ${formatTime(at)}`,
    iconPath: new vscode.ThemeIcon(kind === 'username' ? 'person' : 'key'),
    buttons: isOpen ? [] : [{ iconPath: new vscode.ThemeIcon('eye'), tooltip: vscode.l10n.t('Show') }],
  };
}

async function clear({ session }: Parts, watch: AccountWatch): Promise<void> {
  const confirm = vscode.l10n.t('Clear History');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Clear the generator history?'),
    { modal: true, detail: vscode.l10n.t('What you have generated and saved nowhere else is lost.') },
    confirm,
  );
  if (chosen !== confirm) return;
  watch.check();
  await session.generatorHistory.clear();
}
