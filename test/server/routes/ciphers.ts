import { randomUUID } from 'node:crypto';
import { replacement, unpack } from '../cipherRequest';
import { jsonBody, ok, Refusal, strings, text, type Call, type JsonObject, type Reply } from '../http';
import type { Account, StoredCipher } from '../model';
import type { RouteFactory } from '../router';
import { findCipher, removeCiphers } from '../cipherStore';
import { signedIn } from '../signedIn';
import { touch } from '../state';

const neverInTwoPlaces = 'You must select at least one collection.';
const policyAgainstPersonal =
  'Due to an Enterprise Policy, you are restricted from saving items to your personal vault.';
const organizationDataOwnership = 5;

export const cipherRoutes: RouteFactory = (state) => {
  const { dialect } = state;
  const answer = (account: Account, cipher: StoredCipher, object = 'cipher') =>
    ok(dialect.cipher(account, cipher, object));

  function check(account: Account, request: JsonObject): void {
    const problem = dialect.checkCipher(request, account);
    if (problem) throw new Refusal(problem);
    const organizationId = text(request.organizationId);
    const restricted = account.policies.some(({ type, enabled }) => type === organizationDataOwnership && enabled);
    if (organizationId === null && restricted) throw new Refusal(dialect.badRequest(policyAgainstPersonal));
    if (organizationId !== null && !account.organizations.some(({ id }) => id === organizationId)) {
      throw new Refusal(dialect.notFound('Cipher'));
    }
  }

  function checkCollections(account: Account, collectionIds: readonly string[]): void {
    if (collectionIds.length === 0) throw new Refusal(dialect.badRequest(neverInTwoPlaces));
    const known = new Set(account.collections.map(({ id }) => id));
    if (!collectionIds.every((id) => known.has(id))) throw new Refusal(dialect.notFound('Cipher'));
  }

  function writable(account: Account, call: Call): StoredCipher {
    const cipher = findCipher(state, account, call);
    if (!cipher.edit) throw new Refusal(dialect.badRequest(dialect.messages.readOnly));
    return cipher;
  }

  function store(account: Account, request: JsonObject, collectionIds: string[]): StoredCipher {
    const cipher: StoredCipher = {
      ...replacement(state, request, undefined),
      id: randomUUID(),
      creationDate: touch(state, account),
      collectionIds,
      attachments: null,
      edit: true,
      viewPassword: true,
    };
    account.ciphers.push(cipher);
    return cipher;
  }

  function create(call: Call): Reply {
    const account = signedIn(state, call);
    const request = jsonBody(call);
    check(account, request);
    return answer(account, store(account, request, []));
  }

  function createInOrganization(call: Call): Reply {
    const account = signedIn(state, call);
    const { request, collectionIds } = unpack(jsonBody(call));
    check(account, request);
    checkCollections(account, collectionIds);
    return answer(account, store(account, request, collectionIds));
  }

  function checkRevision(request: JsonObject, cipher: StoredCipher): void {
    const known = text(request.lastKnownRevisionDate);
    const refusal = known === null ? undefined : dialect.outOfDate(known, cipher.revisionDate);
    if (refusal !== undefined) throw new Refusal(dialect.badRequest(refusal));
  }

  function edit(call: Call): Reply {
    const account = signedIn(state, call);
    const cipher = writable(account, call);
    const request = jsonBody(call);
    check(account, request);
    checkRevision(request, cipher);
    if (text(request.organizationId) !== cipher.organizationId) {
      throw new Refusal(dialect.badRequest(dialect.messages.organizationMismatch));
    }
    Object.assign(cipher, replacement(state, request, cipher));
    touch(state, account);
    return answer(account, cipher);
  }

  function partial(call: Call): Reply {
    const account = signedIn(state, call);
    const cipher = findCipher(state, account, call);
    const request = jsonBody(call);
    cipher.folderId = text(request.folderId);
    cipher.favorite = request.favorite === true;
    touch(state, account);
    return answer(account, cipher);
  }

  function share(call: Call): Reply {
    const account = signedIn(state, call);
    const cipher = writable(account, call);
    const { request, collectionIds } = unpack(jsonBody(call));
    check(account, request);
    checkCollections(account, collectionIds);
    checkRevision(request, cipher);
    Object.assign(cipher, replacement(state, request, cipher), { collectionIds });
    touch(state, account);
    return answer(account, cipher);
  }

  function setCollections(call: Call): Reply {
    const account = signedIn(state, call);
    const cipher = writable(account, call);
    const collectionIds = strings(jsonBody(call).collectionIds);
    checkCollections(account, collectionIds);
    cipher.collectionIds = collectionIds;
    touch(state, account);
    const details = dialect.cipher(account, cipher, 'cipherDetails');
    return ok(
      call.path.endsWith('_v2') ? { unavailable: false, cipher: details, object: 'optionalCipherDetails' } : details,
    );
  }

  function stamp(change: (cipher: StoredCipher, now: string) => void): (call: Call) => Reply {
    return (call) => {
      const account = signedIn(state, call);
      const cipher = writable(account, call);
      cipher.revisionDate = touch(state, account);
      change(cipher, cipher.revisionDate);
      return answer(account, cipher);
    };
  }

  function removeForever(call: Call): Reply {
    const account = signedIn(state, call);
    const cipher = findCipher(state, account, call);
    if (!cipher.edit) throw new Refusal(dialect.badRequest(dialect.messages.noDelete));
    removeCiphers(account, [cipher.id]);
    touch(state, account);
    return ok();
  }

  const trash = stamp((cipher, now) => (cipher.deletedDate = now));
  return {
    'GET /api/ciphers': (call) => {
      const account = signedIn(state, call);
      const data = account.ciphers.map((cipher) => dialect.cipher(account, cipher, 'cipherDetails'));
      return ok({ data, object: 'list', continuationToken: null });
    },
    'POST /api/ciphers': create,
    'POST /api/ciphers/create': createInOrganization,
    'GET /api/ciphers/:id': (call) => answer(signedIn(state, call), findCipher(state, signedIn(state, call), call)),
    'GET /api/ciphers/:id/details': (call) =>
      answer(signedIn(state, call), findCipher(state, signedIn(state, call), call), 'cipherDetails'),
    'PUT /api/ciphers/:id/partial': partial,
    'POST /api/ciphers/:id/partial': partial,
    'PUT /api/ciphers/:id/share': share,
    'PUT /api/ciphers/:id/collections': setCollections,
    'PUT /api/ciphers/:id/collections_v2': setCollections,
    'PUT /api/ciphers/:id/delete': (call) => ({ status: trash(call).status }),
    'PUT /api/ciphers/:id/restore': stamp((cipher) => (cipher.deletedDate = null)),
    'PUT /api/ciphers/:id/archive': stamp((cipher, now) => (cipher.archivedDate = now)),
    'PUT /api/ciphers/:id/unarchive': stamp((cipher) => (cipher.archivedDate = null)),
    'PUT /api/ciphers/:id': edit,
    'POST /api/ciphers/:id': edit,
    'DELETE /api/ciphers/:id': removeForever,
    'POST /api/ciphers/:id/delete': removeForever,
  };
};
