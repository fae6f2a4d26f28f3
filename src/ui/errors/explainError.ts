import * as vscode from 'vscode';
import type * as bitwarden from '../../bitwarden/errors';
import { CancelledError } from '../../bitwarden/errors';
import type * as vault from '../../vault/errors';
import { NothingCachedError, NotRotatedError, RepromptRequiredError } from '../../vault/errors';
import { explain, type Explanation, type Rule } from './explanation';
import { serverFailures } from './serverFailures';
import { vaultFailures } from './vaultFailures';

/** Every class there is, but for those that need no words: one without a rule fails the type check. */
type KnownError = Exclude<keyof typeof bitwarden | keyof typeof vault, 'CancelledError' | 'RepromptRequiredError'>;

/** The one place where a failure is put into words. Undefined: the user cancelled, there is nothing to say. */
export function explainError(error: unknown, now = Date.now()): Explanation | undefined {
  if (error instanceof CancelledError || error instanceof RepromptRequiredError) return undefined;
  return (
    explainKnown(error, now) ??
    explain(vscode.l10n.t('Something went wrong that Vaultside did not expect. The log says more.'))
  );
}

/** Undefined for what is not of ours. */
export function explainKnown(error: unknown, now = Date.now()): Explanation | undefined {
  const rules: Readonly<Record<KnownError, Rule>> = { ...serverFailures(now), ...vaultFailures };
  const explanation = Object.values(rules)
    .map((rule) => rule(error))
    .find((explained) => explained !== undefined);
  if (explanation === undefined || !(error instanceof NothingCachedError || error instanceof NotRotatedError))
    return explanation;
  // What lies behind says the rest; where it was the way to the server, that is what has to be mended.
  const behind = explainKnown(error.cause, now);
  return {
    message: [explanation.message, ...(behind === undefined ? [] : [behind.message])].join(' '),
    buttons:
      error instanceof NothingCachedError && behind !== undefined && behind.buttons.length > 0
        ? behind.buttons
        : explanation.buttons,
  };
}
