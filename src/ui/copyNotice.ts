import type * as vscode from 'vscode';
import { printable } from '../base/printable';
import { withoutIcons } from './untrustedText';
import type { CopyNotice } from './timedClipboard';

/** Per file: `npm run l10n` finds strings only where vscode is imported. */
type L10n = Pick<typeof vscode.l10n, 't'>;

/** The status bar entry after a copy. Its label for screen readers does not count down, so that it is read once. */
export function copyNotice(
  { what, clearsIn, validFor }: CopyNotice,
  l10n: L10n,
): { text: string; accessibilityLabel: string } {
  const name = withoutIcons(printable(what));
  const parts = [l10n.t('{0} copied', name)];
  if (validFor !== undefined)
    parts.push(validFor > 0 ? l10n.t('valid for {0} s', validFor) : l10n.t('no longer valid'));
  if (clearsIn !== undefined) parts.push(l10n.t('clears in {0} s', clearsIn));
  return { text: `$(clippy) ${parts.join(', ')}`, accessibilityLabel: l10n.t('{0} copied', printable(what)) };
}
