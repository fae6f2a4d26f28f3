import { randomUUID } from 'node:crypto';
import { renameAttachments, replacement, unpack } from '../cipherRequest';
import { findCipher, removeCiphers } from '../cipherStore';
import type { CipherShape } from '../dialects/dialect';
import { jsonBody, ok, Refusal, strings, text, type Call, type JsonObject, type Reply } from '../http';
import type { Account, StoredCipher } from '../model';
import type { RouteFactory } from '../router';
import { caller, signedIn } from '../signedIn';
import { links, tell, touch } from '../state';

/** One item at a time. */
export const cipherRoutes: RouteFactory = (state) => {
  const { ciphers, refuse } = state.dialect;
  const body = (call: Call) => jsonBody(call, refuse.malformed);
  const answer = (account: Account, cipher: StoredCipher, shape: CipherShape = 'cipher') =>
    ok(ciphers.answer(account, cipher, shape, links(state)));

  function insist(refusal: Reply | undefined): void {
    if (refusal) throw new Refusal(refusal);
  }

  function store(call: Call, account: Account, request: JsonObject, collectionIds: string[]): Reply {
    const cipher: StoredCipher = {
      ...replacement(state, request, undefined),
      id: randomUUID(),
      creationDate: touch(state, account),
      collectionIds,
      attachments: [],
      edit: true,
      viewPassword: true,
      manage: false,
    };
    account.ciphers.push(cipher);
    tell(state, call, account, { kind: 'item', what: 'created', cipher, collectionsSet: true });
    return answer(account, cipher);
  }

  function create(call: Call): Reply {
    const who = caller(state, call);
    const request = body(call);
    insist(ciphers.checkCreate(who, request, undefined));
    return store(call, who.account, request, []);
  }

  function createInOrganization(call: Call): Reply {
    const who = caller(state, call);
    const { request, collectionIds } = unpack(body(call));
    insist(ciphers.checkCreate(who, request, collectionIds));
    return store(call, who.account, request, collectionIds);
  }

  function replace(call: Call, account: Account, cipher: StoredCipher, request: JsonObject): Reply {
    Object.assign(cipher, replacement(state, request, cipher));
    renameAttachments(request, cipher);
    touch(state, account);
    tell(state, call, account, { kind: 'item', what: 'changed', cipher });
    return answer(account, cipher);
  }

  function edit(call: Call): Reply {
    const who = caller(state, call);
    const cipher = findCipher(state, who.account, call);
    const request = body(call);
    insist(ciphers.checkEdit(who, request, cipher));
    return replace(call, who.account, cipher, request);
  }

  /** Changes what belongs to the user alone. The revision date of the item stays. */
  function partial(call: Call): Reply {
    const account = signedIn(state, call);
    const cipher = findCipher(state, account, call);
    const request = body(call);
    cipher.folderId = text(request.folderId);
    cipher.favorite = request.favorite === true;
    touch(state, account);
    return answer(account, cipher);
  }

  function share(call: Call): Reply {
    const who = caller(state, call);
    const { request, collectionIds } = unpack(body(call));
    const cipher = who.account.ciphers.find(({ id }) => id === call.params.id);
    insist(ciphers.checkShare(who, request, collectionIds, cipher));
    if (!cipher) throw new Refusal(refuse.notFound('Cipher'));
    cipher.collectionIds = collectionIds;
    return replace(call, who.account, cipher, request);
  }

  /**
   * Sets the collections of an item. A user who removes it from all of theirs does not see it any more. The revision
   * date of the item stays.
   */
  function setCollections(call: Call, mayVanish: boolean): { account: Account; cipher: StoredCipher } {
    const who = caller(state, call);
    const { account } = who;
    const cipher = findCipher(state, account, call);
    const wanted = strings(body(call).collectionIds);
    insist(ciphers.checkCollections(who, wanted, cipher, mayVanish));
    const writable = account.collections.filter(({ readOnly }) => !readOnly).map(({ id }) => id);
    cipher.collectionIds = [
      ...cipher.collectionIds.filter((id) => !writable.includes(id)),
      ...wanted.filter((id) => writable.includes(id)),
    ];
    if (cipher.collectionIds.length === 0) removeCiphers(account, [cipher.id]);
    touch(state, account);
    tell(state, call, account, { kind: 'item', what: 'changed', cipher, collectionsSet: true });
    return { account, cipher };
  }

  function collections(call: Call): Reply {
    const { account, cipher } = setCollections(call, false);
    return answer(account, cipher, 'cipherDetails');
  }

  function collectionsOrNothing(call: Call): Reply {
    const { account, cipher } = setCollections(call, true);
    const unavailable = cipher.collectionIds.length === 0;
    const details = unavailable ? null : ciphers.answer(account, cipher, 'cipherDetails', links(state));
    return ok({ unavailable, cipher: details, object: 'optionalCipherDetails' });
  }

  function trash(call: Call): Reply {
    const account = signedIn(state, call);
    const cipher = findCipher(state, account, call);
    insist(ciphers.checkTrash(account, cipher));
    if (cipher.deletedDate !== null && !ciphers.trashesAgain) return ok();
    cipher.deletedDate = cipher.revisionDate = touch(state, account);
    if (ciphers.trashEndsArchive) cipher.archivedDate = null;
    tell(state, call, account, { kind: 'item', what: 'changed', cipher });
    return ok();
  }

  function restore(call: Call): Reply {
    const account = signedIn(state, call);
    const cipher = findCipher(state, account, call);
    insist(ciphers.checkRestore(account, cipher));
    if (cipher.deletedDate !== null || ciphers.trashesAgain) {
      cipher.deletedDate = null;
      cipher.revisionDate = touch(state, account);
      tell(state, call, account, { kind: 'item', what: 'changed', cipher });
    }
    return answer(account, cipher);
  }

  function archive(archived: boolean): (call: Call) => Reply {
    return (call) => {
      const account = signedIn(state, call);
      const cipher = account.ciphers.find(({ id }) => id === call.params.id);
      insist(ciphers.checkArchive(cipher, archived));
      if (!cipher) throw new Refusal(refuse.notFound('Cipher'));
      const now = touch(state, account);
      cipher.archivedDate = archived ? now : null;
      if (ciphers.archivingTouchesRevision) cipher.revisionDate = now;
      tell(state, call, account, { kind: 'archive' });
      return answer(account, cipher);
    };
  }

  function removeForever(call: Call): Reply {
    const account = signedIn(state, call);
    const cipher = findCipher(state, account, call);
    insist(ciphers.checkDelete(account, cipher));
    removeCiphers(account, [cipher.id]);
    touch(state, account);
    tell(state, call, account, { kind: 'item', what: 'deleted', cipher });
    return ok();
  }

  function show(shape: CipherShape): (call: Call) => Reply {
    return (call) => {
      const account = signedIn(state, call);
      return answer(account, findCipher(state, account, call), shape);
    };
  }

  return {
    'GET /api/ciphers': (call) => {
      const account = signedIn(state, call);
      const data = account.ciphers.map((cipher) => ciphers.answer(account, cipher, 'cipherDetails', links(state)));
      return ok({ data, object: 'list', continuationToken: null });
    },
    'POST /api/ciphers': create,
    'POST /api/ciphers/create': createInOrganization,
    'GET /api/ciphers/:id': show('cipher'),
    'GET /api/ciphers/:id/details': show('cipherDetails'),
    'PUT|POST /api/ciphers/:id/partial': partial,
    'PUT|POST /api/ciphers/:id/share': share,
    'PUT|POST /api/ciphers/:id/collections': collections,
    'PUT|POST /api/ciphers/:id/collections_v2': collectionsOrNothing,
    'PUT /api/ciphers/:id/delete': trash,
    'PUT /api/ciphers/:id/restore': restore,
    'PUT /api/ciphers/:id/archive': archive(true),
    'PUT /api/ciphers/:id/unarchive': archive(false),
    'PUT|POST /api/ciphers/:id': edit,
    'DELETE /api/ciphers/:id': removeForever,
    'POST /api/ciphers/:id/delete': removeForever,
  };
};
