import * as vscode from 'vscode';
import { printable } from '../base/printable';
import { withoutIcons } from './untrustedText';
import type { CopyNotice } from './timedClipboard';

/** The status bar entry after a copy. Its label for screen readers does not count down, so that it is read once. */
export function copyNotice({ what, clearsIn, validFor }: CopyNotice): { text: string; accessibilityLabel: string } {
  const name = withoutIcons(printable(what));
  const parts = [vscode.l10n.t('{0} copied', name)];
  if (validFor !== undefined)
    parts.push(validFor > 0 ? vscode.l10n.t('valid for {0} s', validFor) : vscode.l10n.t('no longer valid'));
  if (clearsIn !== undefined) parts.push(vscode.l10n.t('clears in {0} s', clearsIn));
  return { text: `$(clippy) ${parts.join(', ')}`, accessibilityLabel: vscode.l10n.t('{0} copied', printable(what)) };
}
