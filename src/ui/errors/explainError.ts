import * as vscode from 'vscode';
import type * as bitwarden from '../../bitwarden/errors';
import { CancelledError } from '../../bitwarden/errors';
import type * as vault from '../../vault/errors';
import { NothingCachedError, NotRotatedError, PartlyMadeError, RepromptRequiredError } from '../../vault/errors';
import { explain, type Explanation, type Rule } from './explanation';
import { serverFailures } from './serverFailures';
import { vaultFailures } from './vaultFailures';

/** All classes of errors but those that need no sentence. A class without a rule fails the type check. */
type KnownError = Exclude<keyof typeof bitwarden | keyof typeof vault, 'CancelledError' | 'RepromptRequiredError'>;

/** Puts a failure into words. Undefined: the user cancelled, and there is nothing to say. */
export function explainError(error: unknown, now = Date.now()): Explanation | undefined {
  if (error instanceof CancelledError || error instanceof RepromptRequiredError) return undefined;
  return (
    explainKnown(error, now) ??
    explain(vscode.l10n.t('Something went wrong that Vaultside did not expect. The log says more.'))
  );
}

/** What comes of these depends on what was behind them. */
const completedByCause = [NothingCachedError, NotRotatedError, PartlyMadeError];

/** As explainError, for errors of our own classes. Undefined for all others. */
export function explainKnown(error: unknown, now = Date.now()): Explanation | undefined {
  const rules: Readonly<Record<KnownError, Rule>> = { ...serverFailures(now), ...vaultFailures };
  const explanation = Object.values(rules)
    .map((rule) => rule(error))
    .find((explained) => explained !== undefined);
  const isCompleted = completedByCause.some((type) => error instanceof type);
  if (explanation === undefined || !isCompleted) return explanation;
  // The cause completes the sentence. If it was the way to the server that failed, its buttons help more than ours.
  const behind = explainKnown((error as Error).cause, now);
  return {
    message: [explanation.message, ...(behind === undefined ? [] : [behind.message])].join(' '),
    buttons:
      error instanceof NothingCachedError && behind !== undefined && behind.buttons.length > 0
        ? behind.buttons
        : explanation.buttons,
  };
}
