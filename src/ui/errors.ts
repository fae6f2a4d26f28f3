import type * as vscode from 'vscode';
import {
  ApiKeyRejectedError,
  CancelledError,
  ClientVersionError,
  DecryptionError,
  EncStringFormatError,
  HttpError,
  KdfOutOfBoundsError,
  MacMismatchError,
  MalformedAnswerError,
  NetworkError,
  RateLimitedError,
  RedirectRefusedError,
  ServerUrlError,
  UnauthorizedError,
  UnsupportedEncryptionError,
  UserVerificationError,
} from '../bitwarden/errors';
import {
  HiddenByOrganizationError,
  KdfDowngradeError,
  LockedError,
  NoMasterPasswordError,
  NotReadableError,
  NothingCachedError,
  NotRotatedError,
  OtherAccountError,
  RepromptRequiredError,
  RotationUnfinishedError,
  SecretStorageError,
  SessionDroppedError,
  SignedOutError,
  TotpFormatError,
  UnsupportedAccountError,
  WrongMasterPasswordError,
} from '../vault/errors';
import type { DropReason } from '../vault/state';
import type { CommandId } from './commands/ids';
import { printable } from './text';

/** Per file: `npm run l10n` finds strings only where vscode is imported. */
type L10n = Pick<typeof vscode.l10n, 't'>;

export interface Explanation {
  /** What happened and what to do about it, in a sentence or two. */
  readonly message: string;
  /** Commands that mend it, the likeliest first. "Open Logs" is offered everywhere and is not listed. */
  readonly buttons: readonly CommandId[];
}

const explain = (message: string, ...buttons: CommandId[]): Explanation => ({ message, buttons });

/** What to repeat once the server answers; where it was sign-in that failed, there is nothing to sync yet. */
const RETRY = ['vaultside.sync', 'vaultside.signIn'] as const;

/** The one place where a failure is put into words. Undefined: the user cancelled, there is nothing to say. */
export function explainError(error: unknown, l10n: L10n, now = Date.now()): Explanation | undefined {
  if (error instanceof CancelledError || error instanceof RepromptRequiredError) return undefined;
  return (
    explainServer(error, l10n, now) ??
    explainVault(error, l10n, now) ??
    explain(l10n.t('Something went wrong that Vaultside did not expect. The log says more.'))
  );
}

function explainServer(error: unknown, l10n: L10n, now: number): Explanation | undefined {
  if (error instanceof NetworkError) return explainNetwork(error, l10n);
  if (error instanceof HttpError) return explainHttp(error, l10n);
  if (error instanceof RateLimitedError) {
    const seconds = Math.max(1, Math.ceil((error.retryAt - now) / 1000));
    return explain(
      seconds > 90
        ? l10n.t('{0} asks for fewer requests. Try again in {1} minutes.', error.host, Math.ceil(seconds / 60))
        : l10n.t('{0} asks for fewer requests. Try again in {1} seconds.', error.host, seconds),
      ...RETRY,
    );
  }
  if (error instanceof ApiKeyRejectedError) {
    return explain(
      l10n.t('{0} does not accept this API key. Check client_id and client_secret.', error.host),
      'vaultside.openApiKeyPage',
    );
  }
  if (error instanceof UnauthorizedError) {
    return explain(l10n.t('{0} no longer accepts this session.', error.host), 'vaultside.signInAgain');
  }
  if (error instanceof UserVerificationError) {
    return explain(l10n.t('{0} did not accept the master password or code.', error.host));
  }
  if (error instanceof ClientVersionError) {
    return explain(l10n.t('{0} asks for a newer client. Update Vaultside.', error.host));
  }
  if (error instanceof MalformedAnswerError) {
    return explain(
      l10n.t(
        '{0} did not answer like a Bitwarden server. Check the server address, and any proxy between.',
        error.host,
      ),
      ...RETRY,
    );
  }
  if (error instanceof RedirectRefusedError) {
    return explain(
      error.targetHost === undefined
        ? l10n.t('{0} wanted to redirect to another address. Nothing was sent there.', error.host)
        : l10n.t(
            '{0} wanted to redirect to {1}. Nothing was sent there. If that is your server, sign in with its address.',
            error.host,
            printable(error.targetHost),
          ),
      'vaultside.signIn',
    );
  }
  if (error instanceof ServerUrlError) return explain(serverUrlProblem(error, l10n), 'vaultside.signIn');
  if (error instanceof KdfOutOfBoundsError) return explain(kdfProblem(error, l10n));
  return undefined;
}

function explainNetwork({ reason, host }: NetworkError, l10n: L10n): Explanation {
  switch (reason) {
    case 'unreachable':
      return explain(
        l10n.t('{0} cannot be reached. Check the network connection and the proxy settings.', host),
        ...RETRY,
      );
    case 'timeout':
      return explain(l10n.t('{0} did not answer in time. Try again later.', host), ...RETRY);
    case 'dropped':
      return explain(l10n.t('The connection to {0} broke off. Try again.', host), ...RETRY);
    case 'certificate':
      return explain(
        l10n.t('The certificate of {0} is not trusted. Install its certificate authority on this computer.', host),
        ...RETRY,
      );
  }
}

function explainHttp({ status, host, serverMessage }: HttpError, l10n: L10n): Explanation {
  if (status === 403) {
    return explain(l10n.t('{0} refused access (403). A proxy or firewall may be in the way.', host), ...RETRY);
  }
  if (status === 404)
    return explain(l10n.t('{0} does not know this request (404). Check the server address.', host), ...RETRY);
  if (status >= 500)
    return explain(l10n.t('{0} has a problem of its own ({1}). Try again later.', host, status), ...RETRY);
  const said = serverMessage === undefined ? '' : printable(serverMessage);
  return explain(
    said === ''
      ? l10n.t('{0} refused the request ({1}).', host, status)
      : l10n.t('{0} refused the request ({1}) and says: "{2}"', host, status, said),
    ...RETRY,
  );
}

function explainVault(error: unknown, l10n: L10n, now: number): Explanation | undefined {
  if (error instanceof WrongMasterPasswordError) return explain(l10n.t('Wrong master password. Try again.'));
  if (error instanceof NoMasterPasswordError) {
    return explain(
      l10n.t(
        'This account has no master password (single sign-on, trusted device or passkey). An API key cannot unlock it.',
      ),
      'vaultside.openWebVault',
    );
  }
  if (error instanceof UnsupportedAccountError) {
    return explain(
      l10n.t("This account uses Bitwarden's newest encryption, which Vaultside cannot open yet. Use the web vault."),
      'vaultside.openWebVault',
    );
  }
  if (error instanceof SignedOutError) return explain(l10n.t('You are signed out.'), 'vaultside.signIn');
  if (error instanceof SecretStorageError) {
    return explain(
      l10n.t('The secret storage of VS Code cannot be read. Unlock the keychain of your system, then try again.'),
      'vaultside.tryAgain',
    );
  }
  if (error instanceof LockedError) return explain(l10n.t('The vault is locked.'), 'vaultside.unlock');
  if (error instanceof NothingCachedError) {
    const cause = error.cause === undefined ? undefined : explainError(error.cause, l10n, now);
    return explain(
      withCause(l10n.t('There is no copy of the vault on this computer yet.'), error, l10n, now),
      ...(cause !== undefined && cause.buttons.length > 0 ? cause.buttons : (['vaultside.sync'] as const)),
    );
  }
  if (error instanceof SessionDroppedError) return explainDrop(error.reason, l10n);
  if (error instanceof OtherAccountError) {
    return explain(
      l10n.t('This API key belongs to another account. Sign out first to change accounts.'),
      'vaultside.signOut',
    );
  }
  if (error instanceof KdfDowngradeError) {
    return explain(
      l10n.t(
        'The server asks for weaker key settings than before. Your master password was not used with them. If you did not lower them yourself, ask who runs the server.',
      ),
    );
  }
  if (error instanceof HiddenByOrganizationError) {
    return explain(l10n.t('Your organisation lets you use this item, not see its hidden values.'));
  }
  if (error instanceof NotReadableError) {
    return explain(l10n.t('This value cannot be read. It may have changed: sync the vault.'), 'vaultside.sync');
  }
  if (error instanceof TotpFormatError) {
    return explain(
      l10n.t('The authenticator key of this item is not in a form that Vaultside knows.'),
      'vaultside.openWebVault',
    );
  }
  if (error instanceof NotRotatedError) {
    return explain(
      withCause(l10n.t('The API key was not rotated. The stored key still works.'), error, l10n, now),
      'vaultside.rotateApiKey',
    );
  }
  if (error instanceof RotationUnfinishedError) return explainUnfinishedRotation(l10n);
  if (error instanceof UnsupportedEncryptionError) {
    return explain(
      l10n.t('This is encrypted in a way that Vaultside does not know. Open it in the web vault.'),
      'vaultside.openWebVault',
    );
  }
  if (error instanceof MacMismatchError || error instanceof DecryptionError || error instanceof EncStringFormatError) {
    return explain(
      l10n.t('This cannot be decrypted: the data is damaged, or the key is another one.'),
      'vaultside.sync',
    );
  }
  return undefined;
}

/** The sentence, and after it what lies behind the failure, as far as that is known. */
function withCause(message: string, { cause }: Error, l10n: L10n, now: number): string {
  const behind = explainServer(cause, l10n, now) ?? explainVault(cause, l10n, now);
  return behind === undefined ? message : `${message} ${behind.message}`;
}

export function explainUnfinishedRotation(l10n: L10n): Explanation {
  return explain(
    l10n.t(
      'The answer to the rotation was lost, so the API key may have changed on the server. Finish the rotation to fetch the valid key.',
    ),
    'vaultside.finishRotation',
    'vaultside.enterNewClientSecret',
    'vaultside.openApiKeyPage',
  );
}

/** Why the session was thrown away, and what gets the user a new one. */
export function explainDrop(reason: DropReason, l10n: L10n): Explanation {
  switch (reason) {
    case 'keyRejected':
      return explain(
        l10n.t('The server no longer accepts the API key: it was rotated elsewhere. Enter the new client_secret.'),
        'vaultside.enterNewClientSecret',
        'vaultside.openApiKeyPage',
      );
    case 'stampChanged':
      return explain(
        l10n.t('The master password or the security settings of the account changed elsewhere. Sign in again.'),
        'vaultside.signInAgain',
      );
    case 'otherUser':
      return explain(
        l10n.t('The server answered for another account, so the session was ended. Sign in again.'),
        'vaultside.signInAgain',
        'vaultside.signOut',
      );
  }
}

export function serverUrlProblem({ reason }: ServerUrlError, l10n: L10n): string {
  switch (reason) {
    case 'empty':
      return l10n.t('Enter the address of your server.');
    case 'unreadable':
      return l10n.t('This is not a web address.');
    case 'notHttps':
      return l10n.t('The address must start with https://. Only a server on this computer may use http://.');
    case 'credentials':
      return l10n.t('Leave the user name and password out of the address.');
    case 'queryOrFragment':
      return l10n.t('Leave out everything from "?" or "#".');
    case 'incomplete':
      return l10n.t('Enter both the API and the identity address.');
  }
}

function kdfProblem({ parameter, value, problem }: KdfOutOfBoundsError, l10n: L10n): string {
  switch (problem) {
    case 'tooWeak':
      return l10n.t(
        'The server asks for key settings that are too weak ({0}: {1}). Your master password was not used with them.',
        parameter,
        value,
      );
    case 'tooStrong':
      return l10n.t('The server asks for key settings that no computer should accept ({0}: {1}).', parameter, value);
    case 'unknown':
      return l10n.t('The server asks for a key derivation that Vaultside does not know. Update Vaultside.');
  }
}

/** For the log: the class and its facts. Messages of classes that are not ours may hold anything, and stay out. */
export function logLine(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const known = explainServer(error, plain, 0) !== undefined || explainVault(error, plain, 0) !== undefined;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${printable(error.code)}` : '';
  const cause = error.cause instanceof Error ? `, because of ${logLine(error.cause)}` : '';
  return `${error.name}${known ? `: ${printable(error.message)}` : ''}${code}${known ? '' : stackOf(error)}${cause}`;
}

const plain: L10n = { t: (message: unknown) => String(message) };

/** Where it was thrown: function names and positions without the message, which the first lines repeat. */
function stackOf({ stack }: Error): string {
  const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return frames
    .slice(0, 5)
    .join('')
    .replace(/\s+at /g, ' < ');
}
