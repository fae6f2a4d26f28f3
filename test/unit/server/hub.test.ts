import { deepEqual, equal } from 'node:assert/strict';
import { once } from 'node:events';
import { sealText } from '../../../src/bitwarden/crypto/seal';
import { createAccount } from '../../server/accounts';
import type { Account } from '../../server/model';
import { generateKey } from '../../support/keys';
import { unpack } from '../../support/messagePack';
import { type Caller, dialects, withServer } from './caller';

type Message = readonly [type: number, contextId: string | null, payload: Record<string, unknown>];

const sealed = sealText('text', generateKey());
/** Those that were recorded of Vaultwarden; the official hub sends the same. */
const ITEM_NAMES = ['Id', 'UserId', 'OrganizationId', 'CollectionIds', 'RevisionDate'];
const login = { type: 1, name: sealed, login: {} };

/** Listens to the hub as a client does: WebSocket at once, a handshake in text, then messages in MessagePack. */
class Listener {
  readonly #messages: Message[] = [];
  readonly #socket: WebSocket;
  #heard: () => void = () => undefined;

  private constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.addEventListener('message', ({ data }) => {
      const bytes = Buffer.from(data as ArrayBuffer);
      if (bytes.toString() !== '{}\x1e') this.#messages.push(this.#read(bytes));
      this.#heard();
    });
  }

  static async on({ server, token }: Caller): Promise<Listener> {
    const url = `${server.url.replace('http', 'ws')}/notifications/hub?access_token=${token ?? ''}`;
    const listener = new Listener(url);
    await once(listener.#socket as unknown as EventTarget & NodeJS.EventEmitter, 'open');
    const heard = listener.#next();
    listener.#socket.send(`{"protocol":"messagepack","version":1}\x1e`);
    await heard;
    return listener;
  }

  /** The next message that has not been taken yet. */
  async message(): Promise<Message> {
    while (this.#messages.length === 0) await this.#next();
    return this.#messages.shift()!;
  }

  close(): void {
    this.#socket.close();
  }

  #next(): Promise<void> {
    return new Promise((resolve) => (this.#heard = resolve));
  }

  #read(bytes: Buffer): Message {
    const length = (bytes[0] ?? 0) > 0x7f ? 2 : 1;
    const [kind, headers, id, target, content] = unpack(bytes.subarray(length)) as unknown[];
    deepEqual([kind, headers, id, target], [1, {}, null, 'ReceiveMessage']);
    const [{ Type, ContextId, Payload }] = content as [{ Type: number; ContextId: string | null; Payload: Message[2] }];
    return [Type, ContextId, Payload];
  }
}

describe('embedded server: the notifications hub', () => {
  let account: Account;

  for (const dialect of dialects) {
    const isOfficial = dialect === 'official';
    const serve = (test: (caller: Caller, hub: Listener) => Promise<void>) => async () => {
      account = await createAccount({
        premium: true,
        folders: ['F'],
        organizations: [{ name: 'Org', collections: ['C'] }],
        items: [{ name: 'mine' }],
      });
      await withServer({ dialect, accounts: [account], basePath: '/vault' }, async (caller) => {
        await caller.signIn();
        const hub = await Listener.on(caller);
        try {
          await test(caller, hub);
        } finally {
          hub.close();
        }
      });
    };

    it(
      `${dialect}: tells each change of an item or a folder, with the device that made it`,
      serve(async (caller, hub) => {
        const [cipher] = account.ciphers;
        const device = caller.tokenForm().deviceIdentifier;
        const organizationId = account.organizations[0]?.id;
        const collectionIds = [account.collections[0]?.id];
        const shared = { cipher: { ...login, organizationId }, collectionIds };
        const path = `ciphers/${cipher!.id}`;
        const folder = `folders/${account.folders[0]!.id}`;
        for (const [line, body, type] of [
          ['POST ciphers', login, 1],
          ['POST ciphers/create', shared, 1],
          [`PUT ${path}`, login, 0],
          [`POST ${path}/attachment/v2`, { key: sealed, fileName: sealed, fileSize: 1 }, 0],
          [`PUT ${path}/delete`, undefined, 0],
          [`PUT ${path}/restore`, undefined, 0],
          [`DELETE ${path}`, undefined, 2],
          ['POST folders', { name: sealed }, 7],
          [`PUT ${folder}`, { name: sealed }, 8],
          [`DELETE ${folder}`, undefined, 3],
        ] as const) {
          const [method = '', where = ''] = line.split(' ');
          const { status, json } = await caller.api(method, where, body);
          equal(status, 200, line);
          const [given, contextId, payload] = await hub.message();
          deepEqual([given, contextId], [type, device], line);
          const names = line.includes('folders') ? ['Id', 'UserId', 'RevisionDate'] : ITEM_NAMES;
          deepEqual(Object.keys(payload), names, line);
          const isShared = line === 'POST ciphers/create';
          deepEqual(payload.UserId, isShared ? null : account.id, line);
          if (isShared) deepEqual([payload.OrganizationId, payload.CollectionIds], [organizationId, collectionIds]);
          if (method === 'POST' && typeof json.revisionDate === 'string') {
            equal(Math.abs((payload.RevisionDate as Date).getTime() - Date.parse(json.revisionDate)) < 1, true, line);
          }
        }
      }),
    );

    it(
      `${dialect}: tells a change of many, and the end of all sessions, ${isOfficial ? 'with a reason' : 'with a date'}`,
      serve(async (caller, hub) => {
        const ids = [account.ciphers[0]!.id];
        const names = ['UserId', isOfficial ? 'Reason' : 'Date'];
        for (const [method, path, body, type] of [
          ['PUT', 'ciphers/archive', { ids }, 4],
          ['PUT', 'ciphers/unarchive', { ids }, 4],
          ['PUT', 'ciphers/delete', { ids }, 4],
          ['POST', 'accounts/security-stamp', { masterPasswordHash: account.masterPasswordHash }, 11],
        ] as const) {
          equal((await caller.api(method, path, body)).status, 200, path);
          const [given, contextId, payload] = await hub.message();
          deepEqual([given, contextId, Object.keys(payload)], [type, null, names], path);
        }
      }),
    );

    it(
      `${dialect}: tells nothing of a rotated key, and nothing to others`,
      serve(async (caller, hub) => {
        const stranger = await createAccount({ email: 'other@example.test' });
        caller.server.accounts.push(stranger);
        caller.server.rotateApiKey();
        caller.server.changeSecurityStamp(stranger);
        await caller.api('POST', 'folders', { name: sealed });
        equal((await hub.message())[0], 7);
      }),
    );

    it(`${dialect}: lets nobody in without a token`, () =>
      withServer({ dialect, accounts: [] }, async ({ server }) => {
        const socket = new WebSocket(`${server.url.replace('http', 'ws')}/notifications/hub`);
        await once(socket as unknown as EventTarget & NodeJS.EventEmitter, 'error');
      }));
  }
}).timeout(20_000);
