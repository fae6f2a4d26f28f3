import { deepEqual, equal } from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
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

interface Recorded {
  readonly action: string;
  readonly messages: readonly [{ type: number; contextId: string | null; payload: Message[2] }];
}

function recordedMessages(): readonly Recorded[] {
  return JSON.parse(readFileSync('test/support/recordings/vaultwardenHub.json', 'utf8')) as Recorded[];
}

/** Which members there are, in their order, and of what kind each is. */
function shapeOf(payload: Message[2]): unknown {
  const isDate = (value: unknown) => value instanceof Date || /^\d{4}-\d\d-\d\dT/.test(String(value));
  const kind = (value: unknown) =>
    value === null ? null : Array.isArray(value) ? 'list' : isDate(value) ? 'date' : 'id';
  return Object.entries(payload).map(([name, value]) => [name, kind(value)]);
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

    if (!isOfficial) {
      it(
        'vaultwarden: says what was recorded of a real one, member by member',
        serve(async (caller, hub) => {
          const device = caller.tokenForm().deviceIdentifier;
          const organizationId = account.organizations[0]!.id;
          const collectionIds = [account.collections[0]!.id];
          const ask = async (line: string, body?: unknown) => {
            const [method = '', path = ''] = line.split(' ');
            const { status, json } = await caller.api(method, path, body);
            equal(status, 200, line);
            return json as { id: string; attachmentId: string };
          };
          const said: unknown[] = [];
          const act = async (action: string, line: string, body?: unknown) => {
            const answer = await ask(line, body);
            const [type, contextId, payload] = await hub.message();
            said.push([action, type, contextId === device ? 'the device that acted' : contextId, shapeOf(payload)]);
            return answer;
          };
          const { id } = await act('create item', 'POST ciphers', login);
          await act('edit item', `PUT ciphers/${id}`, login);
          const file = { key: sealed, fileName: sealed, fileSize: 1 };
          const { attachmentId } = await act('create attachment', `POST ciphers/${id}/attachment/v2`, file);
          await act('delete attachment', `DELETE ciphers/${id}/attachment/${attachmentId}`);
          await act('delete item (trash)', `PUT ciphers/${id}/delete`);
          await act('restore item', `PUT ciphers/${id}/restore`);
          await act('archive item', 'PUT ciphers/archive', { ids: [id] });
          await act('unarchive item', 'PUT ciphers/unarchive', { ids: [id] });
          await act('delete item for good', `DELETE ciphers/${id}`);
          const folder = await act('create folder', 'POST folders', { name: sealed });
          await act('edit folder', `PUT folders/${folder.id}`, { name: sealed });
          await act('delete folder', `DELETE folders/${folder.id}`);
          const cipher = { ...login, organizationId };
          const shared = await act('create item of the organisation', 'POST ciphers/create', { cipher, collectionIds });
          await act('edit item-collections', `PUT ciphers/${shared.id}/collections_v2`, { collectionIds });
          await act('delete item of the organisation', `PUT ciphers/${shared.id}/delete`);
          const proof = { masterPasswordHash: account.masterPasswordHash };
          await act('deauthorize sessions (log out everywhere)', 'POST accounts/security-stamp', proof);
          const actions = said.map((each) => (each as string[])[0]);
          const recorded = recordedMessages().filter(({ action }) => actions.includes(action));
          deepEqual(
            said,
            recorded.map(({ action, messages: [{ type, contextId, payload }] }) => [
              action,
              type,
              contextId,
              shapeOf(payload),
            ]),
          );
          equal(said.length, 16);
        }),
      );
    }

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
