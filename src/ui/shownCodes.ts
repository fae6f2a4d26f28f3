import * as vscode from 'vscode';
import type { ShownCode } from '../vault/read';
import { isPresenting } from './presentation';

/** In milliseconds: with less than this left the next code is shown beside the one of this moment. */
const ENDS_SOON = 5_000;

/**
 * Whether one-time codes may be on the screen without being asked for: not while the user is elsewhere, and not in
 * presentation mode.
 */
export function mayShowCodes(): boolean {
  return vscode.window.state.focused && !isPresenting();
}

/** The code, and the next one where it is about to take its place: "493 027" or "493 027 · next 118 204". */
export function codeWords(code: ShownCode, now: number): string {
  return [inHalves(code.text), ...nextWords(code, now)].join(' · ');
}

/** As {@link codeWords}, with the seconds for which it is good. */
export function countedCodeWords(code: ShownCode, now: number): string {
  const left = Math.max(0, Math.ceil((code.validUntil - now) / 1000));
  return [inHalves(code.text), vscode.l10n.t('{0} s', left), ...nextWords(code, now)].join(' · ');
}

/** When codeWords gives another text, in milliseconds since the epoch. */
export function nextChange({ validUntil }: ShownCode, now: number): number {
  const endsSoonAt = validUntil - ENDS_SOON;
  return now < endsSoonAt ? endsSoonAt : validUntil;
}

function nextWords({ validUntil, next }: ShownCode, now: number): string[] {
  return now < validUntil - ENDS_SOON ? [] : [vscode.l10n.t('next {0}', inHalves(next))];
}

/** As people read codes aloud. */
function inHalves(code: string): string {
  const middle = Math.ceil(code.length / 2);
  return `${code.slice(0, middle)} ${code.slice(middle)}`;
}
