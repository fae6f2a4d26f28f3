import * as vscode from 'vscode';
import { serverHost } from '../../bitwarden/http/servers';
import { RateLimitedError } from '../../bitwarden/errors';
import { type DropReason, SecretStorageError } from '../../vault/errors';
import { type Facts, isOffline, isSignedIn, type SessionState, type SignedIn } from '../../account/state';
import type { Codicon } from '../codicon';
import { type CommandId, commandTitle } from '../commands/commandId';
import { explainError } from '../errors/explainError';
import { explainDrop, explainUnfinishedRotation } from '../errors/vaultFailures';
import { accountName, isPresenting, presentationNote } from '../presentation';
import { escapeMarkdown, withoutIcons } from '../untrustedText';

export interface StatusBarLook {
  readonly text: string;
  /** Markdown. Everything from outside is escaped; the only links run the commands in `links`. */
  readonly tooltip: string;
  readonly links: readonly CommandId[];
  /** Only when the user has to do something. */
  readonly warning: boolean;
  readonly accessibilityLabel: string;
}

/**
 * What the status bar shows for a state. The e-mail address is in the tooltip alone, where there are several accounts in the
 * text, too, and in presentation mode nowhere.
 */
export function render(
  state: SessionState,
  isAvailable: (id: CommandId) => boolean,
  formatTime: (milliseconds: number) => string,
  /** Sentences that say when an unlocked vault locks. */
  locking: readonly string[] = [],
  /** What tells the account from others, where there are several. */
  name?: string,
): StatusBarLook {
  switch (state.kind) {
    case 'starting':
      return look({ icon: 'shield', words: [], lines: [vscode.l10n.t('Starting…')], links: [] });
    case 'unreadable':
      return renderUnreadable();
    case 'signedOut':
      return look({
        icon: 'shield',
        words: [],
        spoken: vscode.l10n.t('signed out'),
        lines: [vscode.l10n.t('Signed out')],
        links: ['vaultside.signIn'],
      });
    case 'locked':
    case 'unlocked':
      return renderSignedIn(state, isAvailable, formatTime, locking, name);
  }
}

function renderUnreadable(): StatusBarLook {
  const word = vscode.l10n.t('Storage Not Readable');
  const explanation = explainError(new SecretStorageError());
  return look({
    icon: 'error',
    words: [word],
    spoken: word,
    lines: [explanation?.message ?? ''],
    links: [...(explanation?.buttons ?? []), 'vaultside.openLogs'],
    warning: true,
  });
}

function renderSignedIn(
  state: SignedIn,
  isAvailable: (id: CommandId) => boolean,
  formatTime: (milliseconds: number) => string,
  locking: readonly string[],
  name: string | undefined,
): StatusBarLook {
  const { kind, account, facts } = state;
  const locked = kind === 'locked';
  const { icon, word, reason, links, warning } = incident(facts);
  return look({
    icon: icon ?? (locked ? 'lock' : 'unlock'),
    name,
    words: word === undefined ? [] : [word],
    spoken: [locked ? vscode.l10n.t('locked') : vscode.l10n.t('unlocked'), word ?? ''].filter(Boolean).join(', '),
    lines: [
      `**${lockWord(state)}**`,
      ...(reason === undefined ? [] : [escapeMarkdown(reason)]),
      ...(isPresenting() ? [] : [vscode.l10n.t('Account: {0}', escapeMarkdown(accountName(account)))]),
      vscode.l10n.t('Server: {0}', escapeMarkdown(serverHost(account.servers))),
      escapeMarkdown(syncLine(facts, formatTime)),
      ...(locked ? [] : locking.map(escapeMarkdown)),
    ],
    links: [
      ...new Set([
        ...links,
        ...(['vaultside.unlock', 'vaultside.lock', 'vaultside.sync', 'vaultside.switchAccount'] as const),
      ]),
    ].filter(isAvailable),
    warning,
  });
}

/** The state at the head of the menu that a click on the status bar opens: in a word or two, and in a line. */
export function stateInWords(
  state: SessionState,
  formatTime: (milliseconds: number) => string,
): { readonly title: string; readonly line: string } {
  const what = vscode.l10n.t('What do you want to do?');
  if (!isSignedIn(state)) {
    const words = {
      starting: () => vscode.l10n.t('Starting…'),
      unreadable: () => vscode.l10n.t('Storage Not Readable'),
      signedOut: () => vscode.l10n.t('Signed out'),
    };
    return { title: vscode.l10n.t('Bitwarden: {0}', words[state.kind]()), line: what };
  }
  const { account, facts } = state;
  const words = stateWords(state);
  const where = vscode.l10n.t('{0} at {1}', accountName(account), serverHost(account.servers));
  return { title: [vscode.l10n.t('Bitwarden: {0}', words), syncLine(facts, formatTime)].join(' · '), line: where };
}

/** The state of an account in a word or two. */
export function stateWords(state: SignedIn): string {
  const { word } = incident(state.facts);
  return [lockWord(state), ...(word === undefined ? [] : [word])].join(', ');
}

function lockWord({ kind }: SignedIn): string {
  return kind === 'locked' ? vscode.l10n.t('Locked') : vscode.l10n.t('Unlocked');
}

function syncLine({ lastSync }: Facts, formatTime: (milliseconds: number) => string): string {
  return lastSync === undefined
    ? vscode.l10n.t('Not synced yet')
    : vscode.l10n.t('Last sync: {0}', formatTime(lastSync));
}

interface Incident {
  readonly icon?: Codicon | `${Codicon}~spin`;
  readonly word?: string;
  readonly reason?: string;
  readonly links: readonly CommandId[];
  readonly warning: boolean;
}

/** What the user should know most urgently, besides locked or unlocked. */
function incident(facts: Facts): Incident {
  if (facts.rotationUnfinished) {
    const { message, buttons } = explainUnfinishedRotation();
    return {
      icon: 'warning',
      word: commandTitle('vaultside.finishRotation'),
      reason: message,
      links: buttons,
      warning: true,
    };
  }
  if (facts.dropped !== undefined) {
    const { message, buttons } = explainDrop(facts.dropped);
    const word = dropWord(facts.dropped);
    return { icon: 'warning', word, reason: message, links: buttons, warning: true };
  }
  if (facts.syncing) return { icon: 'sync~spin', word: vscode.l10n.t('Syncing'), links: [], warning: false };
  if (facts.problem === undefined) return { links: [], warning: false };
  const explanation = explainError(facts.problem);
  const word = isOffline(facts.problem)
    ? vscode.l10n.t('Offline')
    : facts.problem instanceof RateLimitedError
      ? vscode.l10n.t('Server Busy')
      : vscode.l10n.t('Sync Failed');
  return {
    word,
    ...(explanation === undefined ? {} : { reason: explanation.message }),
    links: [...(explanation?.buttons ?? []), 'vaultside.openLogs'],
    warning: false,
  };
}

function dropWord(reason: DropReason): string {
  switch (reason) {
    case 'keyRejected':
      return vscode.l10n.t('Key Rejected');
    case 'accountGone':
      return vscode.l10n.t('Account Deleted');
    case 'storedElsewhere':
      return vscode.l10n.t('Reload Window');
    case 'stampChanged':
    case 'otherUser':
      return commandTitle('vaultside.signInAgain');
  }
}

function look(parts: {
  name?: string | undefined;
  icon: Codicon | `${Codicon}~spin`;
  words: readonly string[];
  spoken?: string;
  lines: readonly string[];
  links: readonly CommandId[];
  warning?: boolean;
}): StatusBarLook {
  const all = isPresenting() ? [...parts.links, 'vaultside.turnOffPresentationMode' as const] : parts.links;
  const lines = isPresenting() ? [...parts.lines, presentationNote()] : parts.lines;
  const whose = parts.name === undefined ? '' : ` (${withoutIcons(parts.name)})`;
  const links = all.map((id) => `[${commandTitle(id)}](command:${id})`);
  return {
    text: [`$(${parts.icon}) Bitwarden${whose}`, ...parts.words].join(': '),
    tooltip: [...lines, ...(links.length > 0 ? [links.join(' · ')] : [])].join('\n\n'),
    links: all,
    warning: parts.warning ?? false,
    accessibilityLabel: [
      'Bitwarden',
      parts.name ?? '',
      parts.spoken ?? '',
      isPresenting() ? vscode.l10n.t('presentation mode') : '',
    ]
      .filter(Boolean)
      .join(', '),
  };
}
