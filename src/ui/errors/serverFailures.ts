import * as vscode from 'vscode';
import { printable } from '../../base/printable';
import {
  AccountGoneError,
  ApiKeyRejectedError,
  ClientVersionError,
  FileTooLargeError,
  HttpError,
  ItemTypeRefusedError,
  KdfOutOfBoundsError,
  MalformedAnswerError,
  NetworkError,
  NoArchiveError,
  NotFoundError,
  OtherOwnerError,
  OutOfDateError,
  PolicyError,
  ProxyLoginError,
  RateLimitedError,
  RedirectRefusedError,
  ServerUrlError,
  TlsError,
  UnauthorizedError,
  UserVerificationError,
  VaultNotSentError,
} from '../../bitwarden/errors';
import { when } from './explanation';

/**
 * What to try again once the server answers. If a sign-in has failed there is nothing to sync yet, and the second is
 * offered.
 */
const RETRY = ['vaultside.sync', 'vaultside.signIn'] as const;

/** Sentences for what goes wrong between us and the server. */
export const serverFailures = (now: number) => ({
  NetworkError: when(NetworkError, (error) => networkProblem(error), ...RETRY),
  TlsError: when(TlsError, (error) => tlsProblem(error), ...RETRY),
  ProxyLoginError: when(
    ProxyLoginError,
    ({ host, status }) =>
      vscode.l10n.t(
        'A proxy in front of {0} wants a login of its own ({1}). Sign in to it, or check the proxy settings; your session is not affected.',
        host,
        status,
      ),
    ...RETRY,
  ),
  HttpError: when(HttpError, (error) => httpProblem(error), ...RETRY),
  RateLimitedError: when(RateLimitedError, (error) => rateLimit(error, now), ...RETRY),
  ApiKeyRejectedError: when(ApiKeyRejectedError, (error) => rejection(error), 'vaultside.openApiKeyPage'),
  AccountGoneError: when(
    AccountGoneError,
    ({ host }) => vscode.l10n.t('{0} does not know this account any more.', host),
    'vaultside.signOut',
  ),
  NotFoundError: when(
    NotFoundError,
    ({ host }) => vscode.l10n.t('{0} does not have this any more, or not for you. Sync the vault.', host),
    'vaultside.sync',
  ),
  FileTooLargeError: when(FileTooLargeError, ({ most }) =>
    vscode.l10n.t('This file is too large: {0} MB is the most here.', most / 1024 / 1024),
  ),
  NoArchiveError: when(NoArchiveError, ({ host }) =>
    vscode.l10n.t('{0} has no archive: it is too old for that, or has it turned off.', host),
  ),
  OutOfDateError: when(
    OutOfDateError,
    ({ host }) => vscode.l10n.t('{0} has a newer version of this item. Sync the vault, then save once more.', host),
    'vaultside.sync',
  ),
  PolicyError: when(PolicyError, ({ host }) =>
    vscode.l10n.t(
      'An organization on {0} does not let you keep items of your own. Choose the organization as the owner.',
      host,
    ),
  ),
  OtherOwnerError: when(
    OtherOwnerError,
    ({ host }) =>
      vscode.l10n.t('{0} has another owner or key for this item by now. Sync the vault, then save once more.', host),
    'vaultside.sync',
  ),
  ItemTypeRefusedError: when(ItemTypeRefusedError, ({ host }) =>
    vscode.l10n.t('{0} does not store items of this type.', host),
  ),
  VaultNotSentError: when(
    VaultNotSentError,
    ({ host }) =>
      vscode.l10n.t(
        '{0} fails to send this vault (500). If it does so again, open the web vault once, which completes accounts that lack keys.',
        host,
      ),
    'vaultside.openWebVault',
    'vaultside.sync',
  ),
  UnauthorizedError: when(
    UnauthorizedError,
    ({ host }) => vscode.l10n.t('{0} no longer accepts this session.', host),
    'vaultside.signInAgain',
  ),
  UserVerificationError: when(UserVerificationError, ({ host }) =>
    vscode.l10n.t('{0} did not accept the master password or code.', host),
  ),
  ClientVersionError: when(ClientVersionError, ({ host }) =>
    vscode.l10n.t('{0} asks for a newer client. Update Vaultside.', host),
  ),
  MalformedAnswerError: when(
    MalformedAnswerError,
    ({ host }) =>
      vscode.l10n.t(
        '{0} did not answer like a Bitwarden server. Check the server address, and any proxy between.',
        host,
      ),
    ...RETRY,
  ),
  RedirectRefusedError: when(RedirectRefusedError, (error) => redirect(error), 'vaultside.signIn'),
  ServerUrlError: when(ServerUrlError, (error) => serverUrlProblem(error), 'vaultside.signIn'),
  KdfOutOfBoundsError: when(KdfOutOfBoundsError, (error) => kdfProblem(error)),
});

function networkProblem({ reason, host }: NetworkError): string {
  switch (reason) {
    case 'unreachable':
      return vscode.l10n.t('{0} cannot be reached. Check the network connection and the proxy settings.', host);
    case 'timeout':
      return vscode.l10n.t('{0} did not answer in time. Try again later.', host);
    case 'dropped':
      return vscode.l10n.t('The connection to {0} broke off. Try again.', host);
  }
}

function tlsProblem({ problem, host }: TlsError): string {
  switch (problem) {
    case 'clientCertificate':
      return vscode.l10n.t(
        '{0} demands a client certificate, which VS Code cannot present. Ask who runs it for an address that works without one.',
        host,
      );
    case 'certificateOrCipher':
      return vscode.l10n.t(
        '{0} demands a client certificate, which VS Code cannot present, or knows no cipher that VS Code accepts. Ask who runs it for an address that works without a certificate, or to allow current ciphers.',
        host,
      );
    case 'notTls':
      return vscode.l10n.t('{0} does not speak HTTPS on this port. Check the port in the server address.', host);
    case 'expired':
      return vscode.l10n.t(
        'The certificate of {0} has expired. Check date and time of this computer. If they are right, ask who runs the server to renew it.',
        host,
      );
    case 'notYetValid':
      return vscode.l10n.t('The certificate of {0} is not valid yet. Check date and time of this computer.', host);
    case 'otherName':
      return vscode.l10n.t(
        'The certificate of {0} is for another name. Enter the server address that the certificate is for.',
        host,
      );
    case 'incompleteChain':
      return vscode.l10n.t(
        '{0} does not send the certificates that vouch for its own. Ask who runs it to install the full chain with the intermediate certificate; if it is signed by an authority of your own, install that authority on this computer.',
        host,
      );
    case 'untrusted':
      return vscode.l10n.t(
        'The certificate of {0} is not trusted. Install its certificate authority on this computer.',
        host,
      );
    case 'handshake':
      return vscode.l10n.t('No secure connection to {0} came about: it knows no protocol that VS Code accepts.', host);
  }
}

function httpProblem({ status, host, serverMessage }: HttpError): string {
  if (status === 403) return vscode.l10n.t('{0} refused access (403). A proxy or firewall may be in the way.', host);
  if (status === 404) return vscode.l10n.t('{0} does not know this request (404). Check the server address.', host);
  if (status >= 500) return vscode.l10n.t('{0} has a problem of its own ({1}). Try again later.', host, status);
  const said = printable(serverMessage ?? '');
  return said === ''
    ? vscode.l10n.t('{0} refused the request ({1}).', host, status)
    : vscode.l10n.t('{0} refused the request ({1}) and says: "{2}"', host, status, said);
}

function rejection({ host, wrong }: ApiKeyRejectedError): string {
  switch (wrong) {
    case 'clientId':
      return vscode.l10n.t('{0} knows no account with this client_id. Check it, and the server address.', host);
    case 'clientSecret':
      return vscode.l10n.t('{0} does not accept this client_secret. It may have been rotated.', host);
    case undefined:
      return vscode.l10n.t('{0} does not accept this API key. Check client_id and client_secret.', host);
  }
}

function rateLimit({ host, retryAt }: RateLimitedError, now: number): string {
  const seconds = Math.max(1, Math.ceil((retryAt - now) / 1000));
  return seconds > 90
    ? vscode.l10n.t('{0} asks for fewer requests. Try again in {1} minutes.', host, Math.ceil(seconds / 60))
    : vscode.l10n.t('{0} asks for fewer requests. Try again in {1} seconds.', host, seconds);
}

function redirect({ host, targetHost }: RedirectRefusedError): string {
  return targetHost === undefined
    ? vscode.l10n.t('{0} wanted to redirect to another address. Nothing was sent there.', host)
    : vscode.l10n.t(
        '{0} wanted to redirect to {1}. Nothing was sent there. If that is your server, sign in with its address.',
        host,
        printable(targetHost),
      );
}

export function serverUrlProblem({ reason }: ServerUrlError): string {
  switch (reason) {
    case 'empty':
      return vscode.l10n.t('Enter the address of your server.');
    case 'unreadable':
      return vscode.l10n.t('This is not a web address.');
    case 'notHttps':
      return vscode.l10n.t('The address must start with https://. Only a server on this computer may use http://.');
    case 'credentials':
      return vscode.l10n.t('Leave the username and password out of the address.');
    case 'queryOrFragment':
      return vscode.l10n.t('Leave out everything from "?" or "#".');
    case 'incomplete':
      return vscode.l10n.t('Enter both the API and the identity address.');
  }
}

function kdfProblem({ parameter, value, problem }: KdfOutOfBoundsError): string {
  switch (problem) {
    case 'tooWeak':
      return vscode.l10n.t(
        'The server asks for key settings that are too weak: {0}. Your master password was not used with them.',
        kdfSetting(parameter, value),
      );
    case 'tooStrong':
      return vscode.l10n.t(
        'The server asks for key settings that no computer should accept: {0}.',
        kdfSetting(parameter, value),
      );
    case 'unknown':
      return vscode.l10n.t('The server asks for a key derivation that Vaultside does not know. Update Vaultside.');
  }
}

/** A key setting, in the words of the page of the web vault where it is set. */
function kdfSetting(parameter: KdfOutOfBoundsError['parameter'], value: number): string {
  switch (parameter) {
    case 'type':
      return vscode.l10n.t('KDF algorithm number {0}', value);
    case 'iterations':
      return vscode.l10n.t('{0} KDF iterations', value);
    case 'memoryMiB':
      return vscode.l10n.t('{0} MB of KDF memory', value);
    case 'parallelism':
      return vscode.l10n.t('KDF parallelism of {0}', value);
  }
}
