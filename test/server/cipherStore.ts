import { Refusal, type Call } from './http';
import type { Account, StoredCipher } from './model';
import type { ServerState } from './state';

/** The cipher that the path names, refused in the dialect's way when the account has none of that id. */
export function findCipher(state: ServerState, account: Account, call: Call): StoredCipher {
  const cipher = account.ciphers.find(({ id }) => id === call.params.id);
  if (!cipher) throw new Refusal(state.dialect.refuse.notFound('Cipher'));
  return cipher;
}

export function removeCiphers(account: Account, ids: readonly string[]): void {
  const gone = new Set(ids);
  account.ciphers.splice(0, account.ciphers.length, ...account.ciphers.filter(({ id }) => !gone.has(id)));
}
