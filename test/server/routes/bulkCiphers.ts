import { removeCiphers } from '../cipherStore';
import { jsonBody, ok, Refusal, strings, text, type Call, type Reply } from '../http';
import type { StoredCipher } from '../model';
import type { RouteFactory } from '../router';
import { signedIn } from '../signedIn';
import { touch } from '../state';

const limit = 500;

/** The same changes to many ciphers at once; ids that are not there are passed over. */
export const bulkCipherRoutes: RouteFactory = (state) => {
  const { dialect } = state;

  function ids(call: Call): string[] {
    const given = strings(jsonBody(call).ids);
    if (given.length <= limit || dialect.name === 'vaultwarden') return given;
    throw new Refusal(
      dialect.badRequest(
        `You can only delete up to ${limit} items at a time. Consider using the "Purge Vault" option instead.`,
      ),
    );
  }

  function each(change: (cipher: StoredCipher, now: string, call: Call) => void): (call: Call) => Reply {
    return (call) => {
      const account = signedIn(state, call);
      const wanted = new Set(ids(call));
      const changed = account.ciphers.filter(({ id, edit }) => edit && wanted.has(id));
      const now = touch(state, account);
      for (const cipher of changed) {
        cipher.revisionDate = now;
        change(cipher, now, call);
      }
      const data = changed.map((cipher) => dialect.cipher(account, cipher, 'cipher'));
      return ok({ data, object: 'list', continuationToken: null });
    };
  }

  function removeForever(call: Call): Reply {
    const account = signedIn(state, call);
    const wanted = new Set(ids(call));
    removeCiphers(
      account,
      account.ciphers.filter(({ id, edit }) => edit && wanted.has(id)).map(({ id }) => id),
    );
    touch(state, account);
    return ok();
  }

  return {
    'PUT /api/ciphers/delete': each((cipher, now) => (cipher.deletedDate = now)),
    'PUT /api/ciphers/restore': each((cipher) => (cipher.deletedDate = null)),
    'PUT /api/ciphers/move': each((cipher, _now, call) => (cipher.folderId = text(jsonBody(call).folderId))),
    'DELETE /api/ciphers': removeForever,
    'POST /api/ciphers/delete': removeForever,
  };
};
