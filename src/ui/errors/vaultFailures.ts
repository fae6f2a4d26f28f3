import * as vscode from 'vscode';
import {
  CoseFormatError,
  DecryptionError,
  EncStringFormatError,
  MacMismatchError,
  SignatureError,
  UnsupportedEncryptionError,
  WrongKeyError,
} from '../../bitwarden/errors';
import {
  AccountChangedError,
  AccountStateError,
  AskAgainError,
  ChangeUnknownError,
  ConflictError,
  GoneElsewhereError,
  HiddenByOrganizationError,
  KdfDowngradeError,
  LocalFileError,
  LockedError,
  MissingValueError,
  NoMasterPasswordError,
  NotAllowedError,
  NothingCachedError,
  NotReadableError,
  NotRotatedError,
  OldAttachmentError,
  OtherAccountError,
  OwnerSettledError,
  PartlyMadeError,
  PinForbiddenError,
  PinRemovedError,
  ReadOnlyItemError,
  RestrictedTypeError,
  RotationUnfinishedError,
  SecretStorageError,
  SessionDroppedError,
  SignedOutError,
  SlowKdfError,
  TooLongError,
  TooManyItemsError,
  TotpFormatError,
  UnsupportedAccountError,
  UploadUnknownError,
  VaultNotStoredError,
  WrongMasterPasswordError,
  WrongPinError,
} from '../../vault/errors';
import type { DropReason, LimitedText } from '../../vault/errors';
import type { ReadOnlyReason } from '../../vault/edit/readOnly';
import { fieldWord } from '../itemWords';
import { fieldLabel, itemsInWords } from '../labels';
import { explain, when, type Explanation, type Rule } from './explanation';

/** Sentences for what goes wrong with the account and the vault. */
export const vaultFailures = {
  WrongMasterPasswordError: when(WrongMasterPasswordError, () => vscode.l10n.t('Wrong master password. Try again.')),
  WrongPinError: when(WrongPinError, ({ triesLeft }) =>
    triesLeft === 1
      ? vscode.l10n.t('Wrong PIN. One more wrong try removes it; then the master password unlocks.')
      : vscode.l10n.t('Wrong PIN. {0} more wrong tries remove it; then the master password unlocks.', triesLeft),
  ),
  PinRemovedError: when(PinRemovedError, ({ reason }) => pinRemoved(reason)),
  PinForbiddenError: when(PinForbiddenError, () =>
    vscode.l10n.t('Your organization does not allow unlocking with a PIN. Yours was removed.'),
  ),
  SlowKdfError: when(SlowKdfError, ({ seconds }) =>
    vscode.l10n.t('{0} Enter your master password to go on.', slowKdfNotice(seconds)),
  ),
  AskAgainError: when(AskAgainError, () =>
    vscode.l10n.t('The latest vault had to be fetched first. Enter your master password once more: it was not kept.'),
  ),
  NoMasterPasswordError: when(
    NoMasterPasswordError,
    () =>
      vscode.l10n.t(
        'This account has no master password (single sign-on, trusted device or passkey). An API key cannot unlock it.',
      ),
    'vaultside.openWebVault',
  ),
  UnsupportedAccountError: when(
    UnsupportedAccountError,
    () =>
      vscode.l10n.t('The key of this account is encrypted in a way that Vaultside does not know. Use the web vault.'),
    'vaultside.openWebVault',
  ),
  AccountStateError: when(
    AccountStateError,
    () =>
      vscode.l10n.t(
        'The keys that the server holds for this account do not fit your user key: they are damaged, or somebody has changed them. Nothing was opened. Sync the vault; if that does not help, ask who runs the server.',
      ),
    'vaultside.sync',
  ),
  SignedOutError: when(SignedOutError, () => vscode.l10n.t('You are signed out.'), 'vaultside.signIn'),
  SecretStorageError: when(
    SecretStorageError,
    () =>
      vscode.l10n.t(
        'The secret storage of VS Code cannot be read. Unlock the keychain of your system, then try again.',
      ),
    'vaultside.tryAgain',
  ),
  LockedError: when(LockedError, () => vscode.l10n.t('The vault is locked.'), 'vaultside.unlock'),
  NothingCachedError: when(
    NothingCachedError,
    () => vscode.l10n.t('There is no copy of the vault on this computer yet.'),
    'vaultside.sync',
  ),
  VaultNotStoredError: when(
    VaultNotStoredError,
    ({ code }) =>
      code === 'ENOSPC' || code === 'EDQUOT'
        ? vscode.l10n.t('The disk is full, so the newest vault could not be stored. Free some space, then sync again.')
        : vscode.l10n.t(
            'The newest vault could not be stored on this computer ({0}). The one from before is unharmed.',
            code,
          ),
    'vaultside.sync',
  ),
  LocalFileError: when(LocalFileError, (error) => localFile(error)),
  TooLongError: when(TooLongError, ({ field }) => tooLong(field)),
  MissingValueError: when(MissingValueError, ({ value }) =>
    vscode.l10n.t('{0} is missing, without which the server does not keep this item.', fieldWord(value)),
  ),
  ReadOnlyItemError: when(ReadOnlyItemError, ({ reason }) => readOnly(reason)),
  ConflictError: when(ConflictError, () =>
    vscode.l10n.t('This item was changed elsewhere meanwhile, in the same places. Choose what is to stay.'),
  ),
  RestrictedTypeError: when(RestrictedTypeError, () =>
    vscode.l10n.t('Your organization does not let you create items of this type.'),
  ),
  OwnerSettledError: when(OwnerSettledError, () =>
    vscode.l10n.t(
      'An earlier attempt to save this item had succeeded, in an organization. Your changes are saved there, but it cannot be moved to another owner.',
    ),
  ),
  OldAttachmentError: when(
    OldAttachmentError,
    () =>
      vscode.l10n.t(
        'This item has a file that is encrypted in an old way. Upload the file anew before you move the item to an organization.',
      ),
    'vaultside.openWebVault',
  ),
  NotAllowedError: when(NotAllowedError, () => vscode.l10n.t('Your organization does not let you do that.')),
  GoneElsewhereError: when(GoneElsewhereError, ({ what }) =>
    what === 'item'
      ? vscode.l10n.t('This item was deleted elsewhere meanwhile. The vault is up to date now.')
      : vscode.l10n.t('This folder was deleted elsewhere meanwhile. The vault is up to date now.'),
  ),
  PartlyMadeError: when(PartlyMadeError, ({ made, of }) =>
    vscode.l10n.t('Only {0} of {1} were changed.', made, itemsInWords(of)),
  ),
  TooManyItemsError: when(TooManyItemsError, ({ most }) =>
    vscode.l10n.t('Favorites are changed one by one. Select at most {0} items.', most),
  ),
  ChangeUnknownError: when(
    ChangeUnknownError,
    () => vscode.l10n.t('It is not known whether the server made the change, or all of it. The next sync shows it.'),
    'vaultside.sync',
  ),
  UploadUnknownError: when(
    UploadUnknownError,
    () =>
      vscode.l10n.t(
        'It is not known whether the file was added. An attachment that is not whole may be left: sync the vault, look at the item, and delete it there.',
      ),
    'vaultside.sync',
  ),
  SessionDroppedError: (error: unknown) =>
    error instanceof SessionDroppedError ? explainDrop(error.reason) : undefined,
  OtherAccountError: when(
    OtherAccountError,
    () =>
      vscode.l10n.t(
        'The server answered for another account than the one that the client_id names. Check the address of the server and the client_id.',
      ),
    'vaultside.openApiKeyPage',
  ),
  AccountChangedError: when(AccountChangedError, () =>
    vscode.l10n.t('The account was changed meanwhile, in another window. Nothing was done.'),
  ),
  KdfDowngradeError: when(
    KdfDowngradeError,
    () =>
      vscode.l10n.t(
        'The server asks for weaker key settings than before. Your master password was not used with them. If you lowered them yourself, sign in again; if not, ask who runs the server.',
      ),
    'vaultside.signInAgain',
  ),
  HiddenByOrganizationError: when(HiddenByOrganizationError, () =>
    vscode.l10n.t('Your organization lets you use this item, not see its hidden values.'),
  ),
  NotReadableError: when(
    NotReadableError,
    () => vscode.l10n.t('This value cannot be read. It may have changed: sync the vault.'),
    'vaultside.sync',
  ),
  TotpFormatError: when(
    TotpFormatError,
    () => vscode.l10n.t('The TOTP key of this item is not in a form that Vaultside knows.'),
    'vaultside.openWebVault',
  ),
  NotRotatedError: when(
    NotRotatedError,
    () => vscode.l10n.t('The API key was not rotated. The stored key still works.'),
    'vaultside.rotateApiKey',
  ),
  RotationUnfinishedError: (error: unknown) =>
    error instanceof RotationUnfinishedError ? explainUnfinishedRotation() : undefined,
  UnsupportedEncryptionError: when(
    UnsupportedEncryptionError,
    () => vscode.l10n.t('This is encrypted in a way that Vaultside does not know. Open it in the web vault.'),
    'vaultside.openWebVault',
  ),
  MacMismatchError: damaged(MacMismatchError),
  DecryptionError: damaged(DecryptionError),
  EncStringFormatError: damaged(EncStringFormatError),
  CoseFormatError: damaged(CoseFormatError),
  WrongKeyError: damaged(WrongKeyError),
  SignatureError: damaged(SignatureError),
};

function tooLong(field: LimitedText): string {
  if (typeof field === 'string' || field.kind === 'customName') {
    return vscode.l10n.t('This name is too long for the server.');
  }
  const label = fieldLabel({ ref: field, customName: '' });
  return field.kind === 'custom'
    ? vscode.l10n.t('The value of a custom field is too long for the server.')
    : vscode.l10n.t('{0}: this is too long for the server.', label);
}

/** Why an item cannot be changed here. */
export function readOnly(reason: ReadOnlyReason): string {
  switch (reason) {
    case 'trashed':
      return vscode.l10n.t('This item is in the trash. Restore it to change it.');
    case 'notAllowed':
      return vscode.l10n.t('Your organization lets you use this item, not change it.');
    case 'sealed':
      return vscode.l10n.t('This item is sealed as a whole, which Vaultside reads only. Change it in the web vault.');
    case 'unknown':
      return vscode.l10n.t('Vaultside does not know all of this item, and could harm it. Change it in the web vault.');
    case 'unreadable':
      return vscode.l10n.t('Not every value of this item can be decrypted, so it cannot be changed here.');
  }
}

function pinRemoved(reason: PinRemovedError['reason']): string {
  switch (reason) {
    case 'wrong':
      return vscode.l10n.t('The PIN was wrong five times and is removed.');
    case 'masterPasswordChanged':
      return vscode.l10n.t('The master password has changed, so the PIN is removed.');
    case 'gone':
      return vscode.l10n.t('The PIN was removed.');
  }
}

function localFile({ doing, code }: LocalFileError): string {
  if (doing === 'read') return vscode.l10n.t('This file cannot be read ({0}).', code);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return vscode.l10n.t('The disk is full. Free some space, then try again.');
    case 'EEXIST':
      return vscode.l10n.t('A file of this name was made there meanwhile. It was left as it is: choose another name.');
    default:
      return vscode.l10n.t('The file could not be written ({0}). Choose another place.', code);
  }
}

function damaged(type: abstract new (...args: never[]) => Error): Rule {
  return when<Error>(
    type,
    () => vscode.l10n.t('This cannot be decrypted: the data is damaged, or the key is another one.'),
    'vaultside.sync',
  );
}

/** Says how long the derivation of the key will take, before it begins. */
export function slowKdfNotice(seconds: number): string {
  return vscode.l10n.t(
    'The key settings (KDF) of this account are above the usual ones: on this computer it will take about {0} seconds.',
    Math.ceil(seconds),
  );
}

export function explainUnfinishedRotation(): Explanation {
  return explain(
    vscode.l10n.t(
      'The answer to the rotation was lost, so the API key may have changed on the server. Finish the rotation to fetch the valid key.',
    ),
    'vaultside.finishRotation',
    'vaultside.enterNewClientSecret',
    'vaultside.openApiKeyPage',
  );
}

/** Why the session was thrown away, and what the user can do to get a new one. */
export function explainDrop(reason: DropReason): Explanation {
  switch (reason) {
    case 'keyRejected':
      return explain(
        vscode.l10n.t(
          'The server no longer accepts the API key: it was rotated elsewhere, or the account was deleted. Enter the new client_secret.',
        ),
        'vaultside.enterNewClientSecret',
        'vaultside.openApiKeyPage',
      );
    case 'accountGone':
      return explain(
        vscode.l10n.t(
          'The account was deleted on the server. The copy of the vault on this computer stays until you sign out.',
        ),
        'vaultside.signInAgain',
        'vaultside.signOut',
      );
    case 'stampChanged':
      return explain(
        vscode.l10n.t('The master password or the security settings of the account changed elsewhere. Sign in again.'),
        'vaultside.signInAgain',
      );
    case 'otherUser':
      return explain(
        vscode.l10n.t('The server answered for another account, so the session was ended. Sign in again.'),
        'vaultside.signInAgain',
        'vaultside.signOut',
      );
    case 'storedElsewhere':
      return explain(
        vscode.l10n.t(
          'Another window of this browser has stored another API key. Reload this window to use it; if that does not help, enter the new client_secret.',
        ),
        'vaultside.enterNewClientSecret',
      );
  }
}
