import { isObject, text, type JsonObject, type Reply } from '../../http';
import { itemType } from '../../itemTypes';
import type { StoredCipher } from '../../model';
import type { Caller } from '../dialect';
import { checkModel } from './cipherModel';
import { mayEdit } from './permissions';
import { bad, modelError, notFound, unhandled } from './refusals';

const OUT_OF_DATE =
  'The item cannot be saved because it is out of date. To edit this item, first sync your vault, or log out and back in.';
const POLICY = 'Due to an Enterprise Policy, you are restricted from saving items to your personal vault.';
const ORGANIZATION_DATA_OWNERSHIP = 5;

/** Checks the model, then whether the request was encrypted for this user (CiphersController.cs:1656-1681). */
function checkRequest({ account }: Caller, request: JsonObject): Reply | undefined {
  const problem = checkModel(request);
  if (problem) return modelError(problem.field, problem.message);
  const encryptedFor = text(request.encryptedFor);
  if (encryptedFor !== null && encryptedFor !== account.id) {
    return bad('Cipher was not encrypted for the current user. Please try again.');
  }
  const keyId = text(request.encryptedByKeyId);
  const other = keyId !== null && account.userKeyId !== null && keyId !== account.userKeyId;
  return other && text(request.organizationId) === null
    ? bad('Cipher was not encrypted with the current user key. Please try again.')
    : undefined;
}

/** An unknown type, or a type without its object, ends in a null reference (CipherRequestModel.cs:128-322). */
function checkTyped(request: JsonObject, type: number): Reply | undefined {
  const known = itemType(type);
  return text(request.data) !== null || (known && isObject(request[known.name])) ? undefined : unhandled;
}

const isMember = (caller: Caller, organizationId: string | null) =>
  organizationId === null || caller.organizationIds.includes(organizationId);

function checkRevision(request: JsonObject, { revisionDate }: StoredCipher): Reply | undefined {
  const known = text(request.lastKnownRevisionDate);
  return known !== null && Math.abs(Date.parse(known) - Date.parse(revisionDate)) > 1000 ? bad(OUT_OF_DATE) : undefined;
}

export function checkCreate(caller: Caller, request: JsonObject, collectionIds: readonly string[] | undefined) {
  const { account } = caller;
  const organizationId = text(request.organizationId);
  if (organizationId !== null && collectionIds?.length === 0) {
    return modelError('CollectionIds', 'You must select at least one collection.');
  }
  const refusal = checkRequest(caller, request) ?? checkTyped(request, Number(request.type));
  if (refusal) return refusal;
  if (!isMember(caller, organizationId)) return notFound;
  if (organizationId !== null && collectionIds) {
    const known = account.collections.filter((each) => each.organizationId === organizationId).map(({ id }) => id);
    return collectionIds.every((id) => known.includes(id))
      ? undefined
      : bad('Specified CollectionId does not exist on the specified Organization.');
  }
  const restricted = account.policies.some(({ type, enabled }) => type === ORGANIZATION_DATA_OWNERSHIP && enabled);
  return restricted ? bad(POLICY) : undefined;
}

export function checkEdit(caller: Caller, request: JsonObject, stored: StoredCipher): Reply | undefined {
  const refusal = checkRequest(caller, request);
  if (refusal) return refusal;
  if (text(request.organizationId) !== stored.organizationId) {
    return bad('Organization mismatch. Re-sync if you recently moved this item, then try again.');
  }
  const impossible = checkTyped(request, stored.type);
  if (impossible) return impossible;
  return mayEdit(stored) ? checkRevision(request, stored) : bad('You do not have permissions to edit this.');
}

export function checkShare(
  caller: Caller,
  request: JsonObject,
  collectionIds: readonly string[],
  stored: StoredCipher | undefined,
): Reply | undefined {
  const organizationId = text(request.organizationId);
  if (organizationId === null) return modelError('OrganizationId', 'Cipher OrganizationId is required.');
  if (collectionIds.length === 0) return modelError('CollectionIds', 'You must select at least one collection.');
  const refusal = checkRequest(caller, request);
  if (refusal) return refusal;
  // CiphersController.cs:695
  if (stored?.organizationId !== null || !isMember(caller, organizationId)) return notFound;
  const impossible = checkTyped(request, stored.type);
  if (impossible) return impossible;
  if (stored.archivedDate !== null) return bad('Cipher cannot be shared with organization because it is archived.');
  return checkRevision(request, stored);
}

export function checkShareMany(caller: Caller, requests: readonly JsonObject[], collectionIds: readonly string[]) {
  if (requests.length === 0) return modelError('Ciphers', 'You must select at least one cipher.');
  const organizationIds = requests.map(({ organizationId }) => text(organizationId));
  if (organizationIds.includes(null) || requests.some(({ id }) => text(id) === null)) {
    return modelError('Ciphers', 'All Ciphers must have an Id and OrganizationId.');
  }
  if (new Set(organizationIds).size > 1) return modelError('', 'All ciphers must be for the same organization.');
  if (collectionIds.length === 0) return modelError('CollectionIds', 'You must select at least one collection.');
  if (!isMember(caller, organizationIds[0] ?? null)) return notFound;
  const { ciphers } = caller.account;
  for (const request of requests) {
    const stored = ciphers.find(({ id, organizationId }) => id === request.id && organizationId === null);
    const refusal = checkRequest(caller, request);
    if (refusal) return refusal;
    if (!stored) return bad('Trying to share ciphers that you do not own.');
    if (stored.archivedDate !== null || text(request.archivedDate) !== null) {
      return bad('Cannot move archived items to an organization.');
    }
    const impossible = checkTyped(request, stored.type) ?? checkRevision(request, stored);
    if (impossible) return impossible;
  }
  return undefined;
}

/** Collections that the user may not write to are ignored, by the route (CiphersController.cs:727, 755). */
export function checkCollections(caller: Caller, _ids: readonly string[], stored: StoredCipher, mayVanish: boolean) {
  const { organizationId, viewPassword } = stored;
  if (organizationId === null || !isMember(caller, organizationId) || (mayVanish && !viewPassword)) return notFound;
  return mayEdit(stored) ? undefined : bad('You do not have permissions to edit this.');
}
