import type { ItemPart } from './edit/itemEdit';
import type { ReadOnlyReason } from './edit/readOnly';
import type { FieldRef } from './fields';

/**
 * What can go wrong with the vault itself. Like the classes of `bitwarden/errors.ts`, none of these ever holds a
 * secret.
 */

/** Why a session was thrown away. The reason stays until the user has signed in again or entered a new key. */
export type DropReason =
  /**
   * The server does not accept the client_secret any more. It was rotated elsewhere, or the account was deleted and the
   * server does not say so.
   */
  | 'keyRejected'
  /** The account was deleted on the server. */
  | 'accountGone'
  /** The security stamp changed: a new master password, or "Deauthorize sessions" somewhere else. */
  | 'stampChanged'
  /** The server answered for another user. */
  | 'otherUser'
  /**
   * Another page of this browser has stored another API key, which this page can read only after it was loaded again.
   */
  | 'storedElsewhere';

/** The master password does not open the user key. */
export class WrongMasterPasswordError extends Error {
  override readonly name = 'WrongMasterPasswordError';
}

/** The account is unlocked by Key Connector, a trusted device or a passkey, none of which an API key can reach. */
export class NoMasterPasswordError extends Error {
  override readonly name = 'NoMasterPasswordError';
}

/**
 * The private key, the signing key or what is signed with it does not fit the user key: it is damaged, or somebody
 * without the user key has changed it.
 */
export class AccountStateError extends Error {
  override readonly name = 'AccountStateError';
}

/** The user key is of a kind that we do not know. Nothing of the account can be opened. */
export class UnsupportedAccountError extends Error {
  override readonly name = 'UnsupportedAccountError';
}

/** Nobody is signed in. */
export class SignedOutError extends Error {
  override readonly name = 'SignedOutError';
}

/** The secret storage of the editor cannot be read, so nobody knows whether somebody is signed in. */
export class SecretStorageError extends Error {
  override readonly name = 'SecretStorageError';
}

/** The vault is locked, or was locked while the work was under way. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
}

/** There is no copy of the vault on this machine yet, and the server was not reached. */
export class NothingCachedError extends Error {
  override readonly name = 'NothingCachedError';
}

/** The vault could not be written to the disk. The cached vault is as it was. */
export class VaultNotStoredError extends Error {
  override readonly name = 'VaultNotStoredError';
  /** @param code of the system, such as `ENOSPC` where the disk is full. */
  constructor(
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}

/** The PIN is another one. */
export class WrongPinError extends Error {
  override readonly name = 'WrongPinError';
  /** @param triesLeft until it is removed. */
  constructor(readonly triesLeft: number) {
    super(`${triesLeft} tries left`);
  }
}

/** There is no PIN any more: it was wrong too often, it was set under another master password, or somebody removed it. */
export class PinRemovedError extends Error {
  override readonly name = 'PinRemovedError';
  constructor(readonly reason: 'wrong' | 'masterPasswordChanged' | 'gone') {
    super(reason);
  }
}

/** An organisation of the user forbids to unlock with a PIN. */
export class PinForbiddenError extends Error {
  override readonly name = 'PinForbiddenError';
}

/** The session was dropped and waits for the user to mend it; no request is sent until then. */
export class SessionDroppedError extends Error {
  override readonly name = 'SessionDroppedError';
  constructor(readonly reason: DropReason) {
    super(`session dropped: ${reason}`);
  }
}

/** The server answered for another user than the client_id names, or than the one who is signed in. */
export class OtherAccountError extends Error {
  override readonly name = 'OtherAccountError';
}

/** Another account than the one that the user was asked about is signed in by now, or none. */
export class AccountChangedError extends Error {
  override readonly name = 'AccountChangedError';
}

/** The server asks for weaker KDF settings than it did before. */
export class KdfDowngradeError extends Error {
  override readonly name = 'KdfDowngradeError';
}

/**
 * The user has to enter the master password once more. The vault or its key settings had to be fetched first, and it is
 * not kept for so long.
 */
export class AskAgainError extends Error {
  override readonly name = 'AskAgainError';
}

/**
 * The key settings (KDF) are beyond the usual ones, and the user was not told yet how long the derivation will take.
 */
export class SlowKdfError extends Error {
  override readonly name = 'SlowKdfError';
  constructor(readonly seconds: number) {
    super(`about ${Math.ceil(seconds)} seconds`);
  }
}

/** The item asks for the master password before this field is shown or copied. */
export class RepromptRequiredError extends Error {
  override readonly name = 'RepromptRequiredError';
}

/** The collection lets the user use the item without seeing its hidden values. */
export class HiddenByOrganizationError extends Error {
  override readonly name = 'HiddenByOrganizationError';
}

/** The item, or the field of it, is gone or cannot be opened. */
export class NotReadableError extends Error {
  override readonly name = 'NotReadableError';
}

/** The text is no TOTP secret. */
export class TotpFormatError extends Error {
  override readonly name = 'TotpFormatError';
}

/** The rotation did not take place; the stored API key is still the valid one. */
export class NotRotatedError extends Error {
  override readonly name = 'NotRotatedError';
}

/** The answer to a rotation was lost and the new client_secret could not be fetched yet. */
export class RotationUnfinishedError extends Error {
  override readonly name = 'RotationUnfinishedError';
}

/** A text of which the server takes no more than so much. The number is its place among the custom fields as edited. */
export type LimitedText =
  'folderName' | 'itemName' | 'fileName' | FieldRef | { readonly kind: 'customName'; readonly index: number };

/** The server would not take it: encrypted, it is too long. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError';
  constructor(readonly field: LimitedText) {
    super(typeof field === 'string' ? field : field.kind);
  }
}

/** Without this value, by its wire name, servers do not keep the item whole. */
export class MissingValueError extends Error {
  override readonly name = 'MissingValueError';
  constructor(readonly value: string) {
    super(value);
  }
}

/** The content of the item is not changed by Vaultside. */
export class ReadOnlyItemError extends Error {
  override readonly name = 'ReadOnlyItemError';
  constructor(readonly reason: ReadOnlyReason) {
    super(reason);
  }
}

/** The same parts of the item were changed elsewhere, to something else. Nothing was sent. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
  constructor(readonly parts: readonly ItemPart[]) {
    super(parts.map((part) => (part.kind === 'content' ? part.name : part.kind)).join(', '));
  }
}

/** An organisation restricts the type of the item, so that none is made. */
export class RestrictedTypeError extends Error {
  override readonly name = 'RestrictedTypeError';
}

/** An earlier attempt to create the item was made after all, with another owner, from whom it cannot be moved. */
export class OwnerSettledError extends Error {
  override readonly name = 'OwnerSettledError';
}

/** A file of the item is encrypted as in the first years: it cannot be moved to an organisation before it is uploaded anew. */
export class OldAttachmentError extends Error {
  override readonly name = 'OldAttachmentError';
}

/** A file of the user, or one that was to be made, cannot be read or written. */
export class LocalFileError extends Error {
  override readonly name = 'LocalFileError';
  /** @param code of the system, such as `ENOSPC` where the disk is full, or `EEXIST`. */
  constructor(
    readonly doing: 'read' | 'write',
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(`${doing}: ${code}`, options);
  }
}

/** The item or folder was deleted elsewhere before the change reached the server. */
export class GoneElsewhereError extends Error {
  override readonly name = 'GoneElsewhereError';
  constructor(
    readonly what: 'item' | 'folder',
    options?: ErrorOptions,
  ) {
    super(what, options);
  }
}

/** The user may not do that with the item: its organisation does not let them. */
export class NotAllowedError extends Error {
  override readonly name = 'NotAllowedError';
}

/** Only some of the items were changed, then something kept it from going on: the cause. */
export class PartlyMadeError extends Error {
  override readonly name = 'PartlyMadeError';
  constructor(
    readonly made: number,
    readonly of: number,
    options: ErrorOptions,
  ) {
    super(`${made} of ${of}`, options);
  }
}

/** So many items cannot be changed in one go. */
export class TooManyItemsError extends Error {
  override readonly name = 'TooManyItemsError';
  constructor(readonly most: number) {
    super(`at most ${most}`);
  }
}

/** The answer to a change was lost, and the server could not be asked since whether it was made. */
export class ChangeUnknownError extends Error {
  override readonly name = 'ChangeUnknownError';
}

/** A file may have been added to an item, or only announced, and it could not be taken back for certain. */
export class UploadUnknownError extends Error {
  override readonly name = 'UploadUnknownError';
}
