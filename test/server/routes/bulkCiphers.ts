import { renameAttachments, replacement } from '../cipherRequest';
import { removeCiphers } from '../cipherStore';
import type { CipherShape, ManyAct } from '../dialects/dialect';
import { isObject, jsonBody, ok, Refusal, strings, text, type Call, type Reply } from '../http';
import type { Account, StoredCipher } from '../model';
import type { RouteFactory } from '../router';
import { caller, signedIn } from '../signedIn';
import { links, tell, touch } from '../state';

/** The same change to many items at once. */
export const bulkCipherRoutes: RouteFactory = (state) => {
  const { ciphers, refuse } = state.dialect;
  const body = (call: Call) => jsonBody(call, refuse.malformed);

  function answer(account: Account, changed: readonly StoredCipher[], shape: CipherShape | undefined): Reply {
    if (shape === undefined) return ok();
    const data = changed.map((cipher) => ciphers.answer(account, cipher, shape, links(state)));
    return ok({ data, object: 'list', continuationToken: null });
  }

  function each(
    act: ManyAct,
    change: (cipher: StoredCipher, now: string, call: Call) => void,
    shape?: CipherShape,
  ): (call: Call) => Reply {
    return (call) => {
      const account = signedIn(state, call);
      const changed: StoredCipher[] = [];
      try {
        for (const cipher of ciphers.choose(act, account, strings(body(call).ids))) {
          change(cipher, state.clock.iso(), call);
          changed.push(cipher);
        }
      } finally {
        if (changed.length > 0) {
          touch(state, account);
          tell(state, call, account, { kind: 'items' });
        }
      }
      return answer(account, changed, shape);
    };
  }

  function trash(cipher: StoredCipher, now: string): void {
    cipher.deletedDate = cipher.revisionDate = now;
    if (ciphers.trashEndsArchive) cipher.archivedDate = null;
  }

  function restore(cipher: StoredCipher, now: string): void {
    cipher.deletedDate = null;
    cipher.revisionDate = now;
  }

  function archive(archived: boolean): (cipher: StoredCipher, now: string) => void {
    return (cipher, now) => {
      cipher.archivedDate = archived ? now : null;
      if (ciphers.archivingTouchesRevision) cipher.revisionDate = now;
    };
  }

  function removeForever(call: Call): Reply {
    const gone: string[] = [];
    const account = signedIn(state, call);
    try {
      return each('delete', ({ id }) => gone.push(id))(call);
    } finally {
      removeCiphers(account, gone);
    }
  }

  const moveEach = each('move', (cipher, _now, call) => (cipher.folderId = text(body(call).folderId)));
  function move(call: Call): Reply {
    const refusal = ciphers.checkMove(signedIn(state, call), text(body(call).folderId));
    if (refusal) throw new Refusal(refusal);
    return moveEach(call);
  }

  function share(call: Call): Reply {
    const who = caller(state, call);
    const request = body(call);
    const requests = Array.isArray(request.ciphers) ? request.ciphers.filter(isObject) : [];
    const collectionIds = strings(request.collectionIds);
    const refusal = ciphers.checkShareMany(who, requests, collectionIds);
    if (refusal) throw new Refusal(refusal);
    const changed = who.account.ciphers.filter(({ id }) => requests.some((each) => each.id === id));
    for (const cipher of changed) {
      const one = requests.find(({ id }) => id === cipher.id) ?? {};
      Object.assign(cipher, replacement(state, one, cipher), { collectionIds });
      renameAttachments(one, cipher);
    }
    touch(state, who.account);
    tell(state, call, who.account, { kind: 'items' });
    return answer(who.account, changed, ciphers.manyShared);
  }

  return {
    'PUT /api/ciphers/delete': each('trash', trash),
    'PUT /api/ciphers/restore': each('restore', restore, ciphers.manyRestored),
    'PUT /api/ciphers/archive': each('archive', archive(true), ciphers.manyArchived),
    'PUT /api/ciphers/unarchive': each('unarchive', archive(false), ciphers.manyArchived),
    'PUT|POST /api/ciphers/move': move,
    'PUT|POST /api/ciphers/share': share,
    'DELETE /api/ciphers': removeForever,
    'POST /api/ciphers/delete': removeForever,
  };
};
