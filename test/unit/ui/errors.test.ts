import assert from 'node:assert/strict';
import * as bitwarden from '../../../src/bitwarden/errors';
import * as vault from '../../../src/vault/errors';
import { commandIds } from '../../../src/ui/commands/commandTable';
import { explainError } from '../../../src/ui/errors/explainError';
import { logLine } from '../../../src/ui/errors/logLine';
import { explainDrop } from '../../../src/ui/errors/vaultFailures';

const host = 'vault.example.org';
const now = Date.UTC(2026, 0, 1);

/** One of each class, and of each reason that has words of its own. */
const errors: Error[] = [
  ...(['unreachable', 'timeout', 'dropped'] as const).map((r) => new bitwarden.NetworkError(r, host)),
  ...(
    [
      ...(['clientCertificate', 'certificateOrCipher', 'notTls', 'expired', 'notYetValid'] as const),
      ...(['otherName', 'incompleteChain', 'untrusted', 'handshake'] as const),
    ] as const
  ).map((problem) => new bitwarden.TlsError(problem, host)),
  new bitwarden.ProxyLoginError(401, host),
  ...[400, 403, 404, 500].map((status) => new bitwarden.HttpError(status, host, undefined)),
  new bitwarden.RateLimitedError(host, now + 5_000),
  new bitwarden.RateLimitedError(host, now + 500_000),
  new bitwarden.UnauthorizedError(host),
  ...([undefined, 'clientId', 'clientSecret'] as const).map((wrong) => new bitwarden.ApiKeyRejectedError(host, wrong)),
  new bitwarden.AccountGoneError(host),
  new bitwarden.NotFoundError(host),
  new bitwarden.NoArchiveError(host),
  new bitwarden.OutOfDateError(host),
  new bitwarden.PolicyError(host),
  new bitwarden.OtherOwnerError(host),
  new bitwarden.ItemTypeRefusedError(host),
  new bitwarden.VaultNotSentError(host),
  new bitwarden.ClientVersionError(host),
  new bitwarden.UserVerificationError(host),
  new bitwarden.MalformedAnswerError(host, 'JSON'),
  new bitwarden.RedirectRefusedError(host, 'elsewhere.example'),
  new bitwarden.RedirectRefusedError(host, undefined),
  ...(['empty', 'unreadable', 'notHttps', 'credentials', 'queryOrFragment', 'incomplete'] as const).map(
    (reason) => new bitwarden.ServerUrlError(reason),
  ),
  ...(['tooWeak', 'tooStrong', 'unknown'] as const).map(
    (problem) => new bitwarden.KdfOutOfBoundsError('iterations', 1, problem),
  ),
  new bitwarden.EncStringFormatError('x'),
  new bitwarden.UnsupportedEncryptionError(7),
  new bitwarden.MacMismatchError('x'),
  new bitwarden.DecryptionError('x'),
  new bitwarden.CoseFormatError('x'),
  new bitwarden.WrongKeyError('x'),
  new bitwarden.SignatureError('x'),
  new vault.WrongMasterPasswordError('x'),
  new vault.AskAgainError('x'),
  new vault.SlowKdfError(12),
  new vault.NoMasterPasswordError('x'),
  ...[4, 1].map((triesLeft) => new vault.WrongPinError(triesLeft)),
  ...(['wrong', 'masterPasswordChanged', 'gone'] as const).map((reason) => new vault.PinRemovedError(reason)),
  new vault.PinForbiddenError('x'),
  new vault.AccountStateError('x'),
  new vault.UnsupportedAccountError('x'),
  new vault.SignedOutError('x'),
  new vault.SecretStorageError('x'),
  new vault.LockedError('x'),
  new vault.NothingCachedError('x'),
  ...['ENOSPC', 'EACCES'].map((code) => new vault.VaultNotStoredError(code)),
  ...(['keyRejected', 'accountGone', 'stampChanged', 'otherUser'] as const).map(
    (reason) => new vault.SessionDroppedError(reason),
  ),
  new vault.OtherAccountError('x'),
  new vault.AccountChangedError('x'),
  new vault.KdfDowngradeError('x'),
  new vault.HiddenByOrganizationError('x'),
  new vault.NotReadableError('x'),
  new vault.TotpFormatError('x'),
  new vault.NotRotatedError('x'),
  new vault.RotationUnfinishedError('x'),
  new vault.TooLongError('folderName'),
  new bitwarden.FileTooLargeError(500 * 1024 * 1024),
  new vault.LocalFileError('read', 'EACCES'),
  ...['ENOSPC', 'EEXIST', 'EACCES'].map((code) => new vault.LocalFileError('write', code)),
  new vault.TooLongError({ kind: 'content', name: 'password' }),
  new vault.TooLongError({ kind: 'custom', index: 0 }),
  new vault.MissingValueError('publicKey'),
  ...(['trashed', 'notAllowed', 'sealed', 'unknown', 'unreadable'] as const).map(
    (reason) => new vault.ReadOnlyItemError(reason),
  ),
  new vault.ConflictError([{ kind: 'content', name: 'password' }]),
  new vault.OldAttachmentError('x'),
  new vault.RestrictedTypeError('x'),
  new vault.OwnerSettledError('x'),
  new vault.NotAllowedError('x'),
  ...(['item', 'folder'] as const).map((what) => new vault.GoneElsewhereError(what)),
  new vault.PartlyMadeError(2, 5, { cause: new bitwarden.RateLimitedError('host.example', Date.now() + 60_000) }),
  new vault.TooManyItemsError(500),
  new vault.ChangeUnknownError('x'),
  new vault.UploadUnknownError('x'),
];
const silent: Error[] = [new bitwarden.CancelledError('x'), new vault.RepromptRequiredError('x')];

/** Those that no command mends, and why. */
const withoutButton = new Map<unknown, string>([
  [bitwarden.ClientVersionError, 'VS Code updates Vaultside'],
  [bitwarden.UserVerificationError, 'the box asks again'],
  [vault.WrongMasterPasswordError, 'the box asks again'],
  [vault.AskAgainError, 'the box asks again'],
  [vault.SlowKdfError, 'the box asks again'],
  [vault.WrongPinError, 'the box asks again'],
  [vault.PinRemovedError, 'the box asks for the master password'],
  [vault.PinForbiddenError, 'the box asks for the master password, or the organisation decides'],
  [bitwarden.KdfOutOfBoundsError, 'the server may be hostile: nothing leads to it'],
  [bitwarden.NoArchiveError, 'the server decides'],
  [vault.TooLongError, 'the box asks again'],
  [bitwarden.FileTooLargeError, 'the user takes another file'],
  [vault.LocalFileError, 'the user chooses another place, or makes some'],
  [vault.NotAllowedError, 'the organisation decides'],
  [vault.MissingValueError, 'the form shows it'],
  [vault.RestrictedTypeError, 'the organisation decides'],
  [vault.OwnerSettledError, 'the item is saved where it is'],
  [vault.ReadOnlyItemError, 'the item says so, where it could be changed'],
  [vault.ConflictError, 'the form asks'],
  [bitwarden.PolicyError, 'the organisation decides'],
  [bitwarden.ItemTypeRefusedError, 'the server decides'],
  [vault.GoneElsewhereError, 'the vault shows it'],
  [vault.PartlyMadeError, 'what is left can be changed by the same command'],
  [vault.TooManyItemsError, 'the user selects fewer'],
  [vault.AccountChangedError, 'nothing was done, and the user sees which account it is now'],
  [vault.HiddenByOrganizationError, 'the web vault hides it just as well'],
]);
const UNEXPECTED = explainError(new Error('x'))?.message;

describe('Words for errors', () => {
  it('has words for every class there is', () => {
    const classes = [...Object.values(bitwarden), ...Object.values(vault)];
    const covered = new Set([...errors, ...silent].map((error) => error.constructor));
    assert.deepEqual(
      classes.filter((errorClass) => !covered.has(errorClass)),
      [],
    );
  });

  it('gives each a whole sentence of its own, and commands that exist', () => {
    const messages = errors.map((error) => {
      const explanation = explainError(error, now);
      assert.ok(explanation);
      assert.match(explanation.message, /^\S.*[."]$/, error.name);
      assert.notEqual(explanation.message, UNEXPECTED, error.name);
      for (const button of explanation.buttons) assert.ok(commandIds.includes(button));
      return explanation.message;
    });
    const shared =
      errors.filter((error) =>
        /MacMismatch|DecryptionError|EncStringFormat|CoseFormat|WrongKey|SignatureError/.test(error.name),
      ).length - 1;
    assert.equal(new Set(messages).size, messages.length - shared);
  });

  it('offers a command beside the log for each, but for those that none mends', () => {
    for (const error of errors) {
      const buttons = explainError(error, now)?.buttons.length ?? 0;
      assert.equal(buttons === 0, withoutButton.has(error.constructor), error.name);
    }
  });

  it('names the host', () => {
    const named = errors.filter((error) => 'host' in error);
    assert.ok(named.length > 10);
    for (const error of named) assert.match(explainError(error, now)?.message ?? '', /vault\.example\.org/);
  });

  it('says nothing when the user cancelled', () => {
    for (const error of silent) assert.equal(explainError(error), undefined);
  });

  for (const [problem, causes] of [
    ['expired', [/renew/, /date and time of this computer/]],
    ['certificateOrCipher', [/client certificate/, /cipher/, /address that works without/]],
  ] as const) {
    it(`names each cause there may be: ${problem}`, () => {
      const message = explainError(new bitwarden.TlsError(problem, host))?.message ?? '';
      for (const cause of causes) assert.match(message, cause);
    });
  }

  it('tells how long to wait', () => {
    const wait = (ms: number) => explainError(new bitwarden.RateLimitedError(host, now + ms), now)?.message;
    assert.match(wait(5_000) ?? '', /in 5 seconds/);
    assert.match(wait(500_000) ?? '', /in 9 minutes/);
    assert.match(wait(-1) ?? '', /in 1 seconds/);
  });

  it('says why a rotation did not take place', () => {
    const error = new vault.NotRotatedError('x', { cause: new bitwarden.NetworkError('unreachable', host) });
    assert.equal(
      explainError(error)?.message,
      `The API key was not rotated. The stored key still works. ${host} cannot be reached. Check the network connection and the proxy settings.`,
    );
  });

  it('says which key setting of a server is out of bounds, in the words of the web vault', () => {
    const said = (['iterations', 'memoryMiB', 'parallelism'] as const).map(
      (parameter) => explainError(new bitwarden.KdfOutOfBoundsError(parameter, 7, 'tooWeak'))?.message,
    );
    assert.deepEqual(
      said.map((message) => /too weak: (.*?)\./.exec(message ?? '')?.[1]),
      ['7 KDF iterations', '7 MB of KDF memory', 'KDF parallelism of 7'],
    );
  });

  it('keeps what a server says to one printable line', () => {
    const said = explainError(new bitwarden.HttpError(400, host, 'a\n\u202Eb\u0007'))?.message;
    assert.equal(said, `${host} refused the request (400) and says: "a b"`);
  });

  it('shows nothing of an error that is not ours, and logs where it came from without its message', () => {
    const error = new TypeError('hunter2 is in here');
    assert.ok(!explainError(error)?.message.includes('hunter2'));
    const line = logLine(error);
    assert.match(line, /^TypeError < .*errors\.test/);
    assert.ok(!line.includes('hunter2'));
  });

  it('logs class, host, code and cause', () => {
    const cause = Object.assign(new Error('secret path'), { code: 'ECONNREFUSED', stack: '' });
    const line = logLine(new bitwarden.NetworkError('unreachable', host, { cause }));
    assert.equal(line, 'NetworkError: vault.example.org: unreachable, because of Error ECONNREFUSED');
  });

  it('sends each dropped session to the command that mends it', () => {
    assert.deepEqual(explainDrop('keyRejected').buttons[0], 'vaultside.enterNewClientSecret');
    assert.deepEqual(explainDrop('accountGone').buttons, ['vaultside.signInAgain', 'vaultside.signOut']);
    assert.deepEqual(explainDrop('storedElsewhere').buttons[0], 'vaultside.enterNewClientSecret');
    assert.deepEqual(explainDrop('stampChanged').buttons[0], 'vaultside.signInAgain');
    assert.deepEqual(explainDrop('otherUser').buttons[0], 'vaultside.signInAgain');
  });
});
