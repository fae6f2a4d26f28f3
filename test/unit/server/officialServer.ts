import { equal, match } from 'node:assert/strict';
import { sealText } from '../../../src/bitwarden/crypto/seal';
import { createAccount } from '../../server/accounts';
import type { Account, StoredCipher } from '../../server/model';
import { generateKey } from '../../support/keys';
import { type Answer, type Caller, withServer } from './caller';

export type Json = Record<string, unknown>;

const key = generateKey();
/** Text as any client would encrypt it; nobody here looks into it. */
export const sealed = (text: string) => sealText(text, key);
export const name = sealed('name');
/** A request for a login. */
export const login = (change: Json = {}) => ({ type: 1, name, login: {}, ...change });

const NAMES = ['mine', 'shared', 'readOnly', 'hidden', 'strict', 'managed'] as const;
export type Items = Record<(typeof NAMES)[number], StoredCipher>;

/** An account with an item for each kind of right, on the embedded server as the official one, signed in. */
export class OfficialServer {
  private constructor(
    readonly account: Account,
    readonly caller: Caller,
    readonly items: Items,
  ) {}

  static test(test: (official: OfficialServer) => Promise<void>): () => Promise<void> {
    return async () => {
      const account = await createAccount({
        premium: true,
        folders: ['F'],
        organizations: [
          { name: 'Org', collections: ['Team', 'Other', { name: 'Read', readOnly: true }] },
          { name: 'Strict', collections: ['S'], limitItemDeletion: true },
        ],
        items: [
          { name: 'mine', username: 'u', password: 'p' },
          { name: 'shared', organization: 'Org', collections: ['Team', 'Read'], username: 'u', password: 'p' },
          { name: 'read-only', organization: 'Org', collections: ['Team'], edit: false },
          { name: 'hidden', organization: 'Org', collections: ['Team'], password: 'p', viewPassword: false },
          { name: 'strict', organization: 'Strict', collections: ['S'] },
          { name: 'managed', organization: 'Strict', collections: ['S'], manage: true, edit: false },
        ],
      });
      await withServer({ dialect: 'official', accounts: [account] }, async (caller) => {
        await caller.signIn();
        const items = Object.fromEntries(NAMES.map((each, at) => [each, account.ciphers[at]])) as Items;
        await test(new OfficialServer(account, caller, items));
      });
    };
  }

  /** @param line `METHOD path`, below the API. */
  send(line: string, body?: unknown): Promise<Answer> {
    const [method = '', path = ''] = line.split(' ');
    return this.caller.api(method, path, body);
  }

  /** @param message part of what is said, in the model state or beside it. */
  async refused(line: string, body: unknown, status: number, message = ''): Promise<void> {
    const { json, status: given } = await this.send(line, body);
    const inFields = Object.values((json.validationErrors ?? {}) as Record<string, string[]>).flat();
    const said = [json.message, ...inFields].join('\n');
    equal(given, status, `${line}: ${said}`);
    match(said, new RegExp(message.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)));
  }

  async created(body: unknown): Promise<Json> {
    const { status, json } = await this.send('POST ciphers', body);
    equal(status, 200);
    return json;
  }

  /** Time passes, so that revision dates differ. */
  later(): void {
    this.caller.server.clock.advance(5);
  }

  collectionId(at: number): string {
    return this.account.collections[at]?.id ?? '';
  }
}
