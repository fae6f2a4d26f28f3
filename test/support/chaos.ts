import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { isSignedIn, mustSignInAgain, type SessionState } from '../../src/account/state';
import type { SecretBytes } from '../../src/base/secretBytes';
import { CancelledError } from '../../src/bitwarden/errors';
import { openText } from '../../src/bitwarden/crypto/open';
import { hasCode } from '../../src/platform/fileErrors';
import { explainKnown } from '../../src/ui/errors/explainError';
import { applies, isMade, type ItemChange } from '../../src/vault/edit/itemChange';
import { ChangeUnknownError, LockedError } from '../../src/vault/errors';
import type { Item } from '../../src/vault/items';
import type { OpenVault } from '../../src/vault/openVault';
import { createAccount } from '../server/accounts';
import type { ArmedFault } from '../server/faults';
import { changeMasterPassword } from '../server/masterPassword';
import type { StoredCipher } from '../server/model';
import { misbehaviours, rateLimited } from '../server/misbehaviours';
import { startServer, type ServerOptions } from '../server/server';
import { VaultWriter } from '../server/vaultWriter';
import { fieldRef } from './fieldRef';
import { listedItem } from './listedItem';
import { anyKeyFromBase64 } from './keys';
import { until } from './until';
import { type EditorWindow, Scene } from './window';

type Kind = SessionState['kind'];

const possible: Readonly<Record<Kind, readonly Kind[]>> = {
  starting: ['signedOut', 'locked'],
  unreadable: [],
  signedOut: ['locked'],
  locked: ['locked', 'unlocked', 'signedOut'],
  unlocked: ['unlocked', 'locked'],
};

const faults = Object.values({ ...misbehaviours, rateLimited: rateLimited(30) });

type Deed = (chaos: Chaos, window: EditorWindow, number: number) => unknown;

/** What can happen. The number chooses, where there is something to choose. */
const deeds = {
  'sign in': ({ scene }, { session }) => session.signIn(scene.urls, scene.key),
  unlock: (chaos, window) => window.session.unlock(chaos.password(window)),
  mistype: (chaos, window) => window.session.unlock(chaos.password(window, 'another')),
  lock: (_, { session }) => session.lock(),
  sync: (_, { session }, number) => session.sync({ force: number === 0 }),
  'sign out': (_, { session }) => session.signOut(),
  'do what helps': (chaos, window) => chaos.mend(window),
  'view the key': (chaos, window) => window.session.viewApiKey(chaos.verification(window)),
  'rotate the key': (chaos, window) => window.session.rotateApiKey(chaos.verification(window)),
  'finish the rotation': (chaos, window) => window.session.finishRotation(chaos.verification(window)),
  'end all sessions': (chaos, window) => window.session.deauthorizeSessions(chaos.verification(window)),
  'die soon': (_, { steps }, number) => (steps.crashBefore = steps.taken.length + number),
  'let time pass': ({ scene }) => scene.pass(7),
  'add an item elsewhere': (chaos) => chaos.elsewhere(() => chaos.put()),
  'change an item elsewhere': (chaos, _, number) => chaos.elsewhere(() => chaos.put(number)),
  'remove an item elsewhere': (chaos, _, number) => chaos.elsewhere(() => chaos.remove(number)),
  'rotate the key elsewhere': ({ scene }) => scene.server.rotateApiKey(),
  'end all sessions elsewhere': (chaos) => chaos.elsewhere(() => chaos.scene.server.changeSecurityStamp()),
  'change the password elsewhere': (chaos) =>
    chaos.elsewhere(() => changeMasterPassword(chaos.scene.account, { password: chaos.newName() })),
  'have all tokens expire': ({ scene }) => scene.server.expireTokens(),
  'disturb a request': (chaos, _, number) => chaos.disturb(number),
  'disturb a change': (chaos, _, number) => chaos.disturb(number, /^(?:PUT|POST|DELETE) \/api\/(?:ciphers|folders)/),
  'change an item': (chaos, window, number) => chaos.write(window, number, changesOfItem),
  'change content': (chaos, window, number) => chaos.write(window, number, changesOfContent),
  'change a folder': (chaos, window, number) => chaos.write(window, number, changesOfFolders),
  'add an item elsewhere, and tell': (chaos) =>
    chaos.elsewhere(() => chaos.scene.server.tell({ kind: 'item', what: 'created', cipher: chaos.put() })),
  'hold what the hub tells': ({ scene }) => (scene.server.hub.faults.holds = true),
  'tell it twice, the last first': ({ scene }) => scene.server.hub.release(),
  'break the hub': ({ scene }) => scene.server.hub.close(),
  'have the hub talk nonsense': ({ scene }, _, number) => scene.server.hub.sendRaw(Buffer.alloc(1 + number, 0x91)),
  'put the clock back': ({ scene }, _, number) => scene.clock.putBack(number * 10 * 60_000),
  sleep: ({ scene }, _, number) => scene.clock.sleep(number * 10 * 60_000),
  'fill the disk': (chaos, _, number) => (chaos.refusedWrites = 1 + (number % 4)),
  'tear a file': (chaos, _, number) => chaos.tear(number),
} satisfies Record<string, Deed>;

/** A change that a window could send. */
interface Writing {
  send(session: EditorWindow['session']): Promise<unknown>;
  /** Whether the server has it. */
  isMade(): boolean;
}

const named = (id: string) => (each: { readonly id: string }) => each.id === id;

/** All changes that the user could make with items as a whole. */
function changesOfItem({ scene }: Chaos, { items, folders }: OpenVault): Writing[] {
  const { ciphers } = scene.account;
  const moves = [null, ...folders.map(({ id }) => id)].map((folderId) => ({ kind: 'move', folderId }) as const);
  const plain = ['favorite', 'unfavorite', 'archive', 'unarchive', 'trash', 'restore', 'delete'] as const;
  const all: readonly ItemChange[] = [...moves, ...plain.map((kind) => ({ kind }))];
  return items.flatMap((item) =>
    all
      .filter((change) => applies(change.kind, item) && !isMade(change, item))
      .map((change) => ({
        send: async (session) => {
          // Where the item is not as it was any more, nothing is done.
          if ((await session.changeItems(change, [item.id])) === 1) throw new CancelledError();
        },
        isMade: () => isMade(change, storedItem(ciphers.find(named(item.id)))),
      })),
  );
}

/** A new item whose answer may be lost: the user tries again with what was kept of the first attempt. */
interface Draft {
  readonly name: string;
  readonly names: string[];
}

function changesOfContent(chaos: Chaos, vault: OpenVault): Writing[] {
  const { account } = chaos.scene;
  const name = chaos.newName();
  const nameOf = (cipher: StoredCipher | undefined) =>
    cipher && openText(cipher.name!, anyKeyFromBase64(account.plainUserKey));
  const edit = { name, content: { password: name } };
  const create = (draft: Draft): Writing => ({
    send: async (session) => {
      chaos.drafts.add(draft);
      const willSend = (sealed: string) => Promise.resolve(void draft.names.push(sealed));
      const content = { password: draft.name };
      const attempts = { names: [...draft.names], willSend };
      await session.createItem({ type: 'login', edit: { name: draft.name, content } }, attempts);
      chaos.drafts.delete(draft);
    },
    isMade: () => account.ciphers.some((cipher) => nameOf(cipher) === draft.name),
  });
  return [
    ...[...chaos.drafts].map(create),
    create({ name, names: [] }),
    ...vault.items.map(({ id }) => ({
      send: (session: EditorWindow['session']) => session.saveItem(id, edit, vault.element(id)!),
      isMade: () => nameOf(account.ciphers.find(named(id))) === name,
    })),
  ];
}

function changesOfFolders(chaos: Chaos, { folders }: OpenVault): Writing[] {
  const { account } = chaos.scene;
  const name = chaos.newName();
  const nameOf = (id: string) => account.folders.find(named(id))?.name;
  const hasName = (sealed: string | undefined) =>
    sealed !== undefined && openText(sealed, anyKeyFromBase64(account.plainUserKey)) === name;
  return [
    { send: (session) => session.createFolder(name), isMade: () => account.folders.some((each) => hasName(each.name)) },
    ...folders.flatMap(({ id }): Writing[] => [
      { send: (session) => session.renameFolders([id], name), isMade: () => hasName(nameOf(id)) },
      { send: (session) => session.deleteFolders([id]), isMade: () => nameOf(id) === undefined },
    ]),
  ];
}

/** An item of the server as far as changes show in it. */
function storedItem(cipher: StoredCipher | undefined): Item | undefined {
  if (cipher === undefined) return undefined;
  const { id, folderId, favorite, archivedDate, deletedDate } = cipher;
  return listedItem({
    ...{ id, folderId: folderId ?? undefined, favorite },
    ...{ archived: archivedDate !== null, trashed: deletedDate !== null },
  });
}

export interface Act {
  readonly what: keyof typeof deeds;
  readonly window: number;
  readonly number: number;
  /** False: the next act comes while this one is under way. */
  readonly waits: boolean;
}

export const whatCanHappen = Object.keys(deeds) as Act['what'][];

/** A master password that a window was given. */
interface Given {
  readonly window: EditorWindow;
  readonly password: SecretBytes;
}

/** Two windows of one machine and all that can happen to them. Throws where something does not hold that always must. */
export class Chaos {
  readonly #windows: EditorWindow[] = [];
  readonly #underWay: Promise<unknown>[] = [];
  readonly #disturbances: ArmedFault[] = [];
  readonly #passwords: Given[] = [];
  /** The vaults that were open, with an item of each. */
  readonly #opened = new Map<OpenVault, { readonly window: EditorWindow; readonly itemId: string }>();
  /** Something may still be carried out that was sent before: nobody can tell what the server has and what it has not. */
  #isUncertain = false;
  /** Whether what is done has nothing beside it. */
  #isAlone = false;
  /** So many writes of files come to nothing. */
  refusedWrites = 0;
  /** Items that somebody means to create. */
  readonly drafts = new Set<Draft>();
  readonly #wrong: string[] = [];
  #names = 0;

  private constructor(readonly scene: Scene) {}

  static async begin(
    dialect: ServerOptions['dialect'],
    { losesLastWrites, isLive }: { readonly losesLastWrites: boolean; readonly isLive: boolean },
  ): Promise<Chaos> {
    const items = ['first', 'second', 'third'].map((name) => ({ name, password: name }));
    const accounts = [await createAccount({ items, folders: ['folder'] })];
    const chaos = new Chaos(new Scene(await startServer({ dialect, accounts })));
    chaos.scene.secrets.losesLastWrites = losesLastWrites;
    chaos.scene.isLive = isLive;
    chaos.scene.files.beforeWrite = () => chaos.#refuseWrite();
    await chaos.allIsWell();
    return chaos;
  }

  async act({ what, window: at, number, waits }: Act): Promise<void> {
    const isAlone = this.#underWay.length === 0;
    const window = await this.#window(at);
    this.#isAlone = isAlone && waits;
    const deed: Deed = deeds[what];
    const done = this.#begin(window, async () => await deed(this, window, number));
    if (!waits) return;
    await this.#over();
    if (isAlone && (await done)) await this.#check(what, window);
  }

  /** Undisturbed, the user gets to what another client has just added, in one window after the other. */
  async allIsWell(): Promise<void> {
    await this.#over();
    this.scene.server.faults.clear();
    this.scene.server.hub.release();
    this.refusedWrites = 0;
    this.scene.pass(5);
    for (const at of [0, 1]) {
      const window = await this.#window(at);
      window.steps.crashBefore = undefined;
      await this.elsewhere(() => this.put());
      let tries = 0;
      do {
        void this.#begin(window, () => this.mend(window));
        await this.#over();
        assert.ok(++tries < 10, `no way on: ${JSON.stringify(window.session.state)}`);
        // After the clock was put back, a token may have to wait for an hour.
        if (tries > 2) this.scene.pass(10);
      } while (!this.#isWell(window));
      await this.#check('sync', window);
    }
  }

  /** A step of the user towards an open vault. */
  async mend(window: EditorWindow): Promise<void> {
    const { session } = window;
    const { state } = session;
    const { urls, key } = this.scene;
    if (!isSignedIn(state)) return session.signIn(urls, key);
    const { dropped, rotationUnfinished } = state.facts;
    if (dropped === 'keyRejected') return session.replaceClientSecret(key.clientSecret);
    if (dropped !== undefined) return session.signInAgain();
    // Only then is it known which master password is the right one.
    await session.sync({ force: true });
    if (rotationUnfinished) await session.finishRotation(this.verification(window));
    else if (state.kind === 'locked') await session.unlock(this.password(window));
  }

  password(window: EditorWindow, text?: string): SecretBytes {
    const password = this.scene.password(text);
    this.#passwords.push({ window, password });
    return password;
  }

  verification(window: EditorWindow) {
    return { kind: 'masterPassword', password: this.password(window) } as const;
  }

  newName(): string {
    return `name ${++this.#names}`;
  }

  async elsewhere(change: () => unknown): Promise<void> {
    const { server } = this.scene;
    server.clock.advance(1);
    await change();
    server.touch();
  }

  /** Adds an item, or puts it in the place of another one. */
  put(number?: number): StoredCipher {
    const { ciphers } = this.scene.account;
    const name = this.newName();
    const added = new VaultWriter(this.scene.account).add({ name, password: name });
    const former = number === undefined ? undefined : ciphers[number];
    if (former === undefined || former === added) return added;
    const changed = { ...ciphers.pop()!, id: former.id };
    ciphers.splice(number!, 1, changed);
    return changed;
  }

  /** Makes a change, and sees whether what the user is told of it is true. */
  async write(
    window: EditorWindow,
    number: number,
    possible: (chaos: Chaos, vault: OpenVault) => readonly Writing[],
  ): Promise<void> {
    const { session } = window;
    if (session.state.kind !== 'unlocked') throw new LockedError('locked');
    const all = possible(this, session.state.vault);
    const writing = all[number % all.length];
    if (writing === undefined) return;
    const before = this.#stored();
    const isAlone = this.#isAlone;
    const isCertain = () => isAlone && !this.#isUncertain;
    try {
      await this.#unlessDead(window, writing.send(session));
      if (window.steps.crashed) this.#isUncertain = true;
      if (isCertain() && !writing.isMade()) this.#wrong.push('a change is not there that is said to be made');
    } catch (error) {
      if (error instanceof LockedError) this.#isUncertain = true;
      const isUnmade = !(error instanceof ChangeUnknownError) && isCertain();
      if (isUnmade && !isDeepStrictEqual(this.#stored(), before)) {
        this.#wrong.push(`a change is there that is said to have failed: ${String(error)}`);
      }
      throw error;
    }
  }

  /** What the server has. */
  #stored() {
    const { ciphers, folders } = this.scene.account;
    return structuredClone({ ciphers, folders });
  }

  /** As after a power cut, or a disk that loses what it was given. */
  tear(number: number): void {
    const { files } = this.scene.files;
    const names = [...files.keys()].filter((name) => /\.(?:vault|list|kdf|used)$/.test(name));
    const file = files.get(names[number % names.length] ?? '');
    if (file !== undefined) file.content = file.content.subarray(0, (file.content.length * number) / 20);
  }

  #refuseWrite(): void {
    if (this.refusedWrites === 0) return;
    this.refusedWrites--;
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  }

  /** The first one stays. */
  remove(number: number): void {
    this.scene.account.ciphers.splice(1 + number, 1);
  }

  disturb(number: number, route = /./): void {
    this.#disturbances.push(this.scene.server.faults.arm(route, faults[number % faults.length]!, 1));
  }

  /** @returns whether it succeeds, and the window lives. */
  #begin(window: EditorWindow, work: () => Promise<unknown>): Promise<boolean> {
    const failed = (error: unknown) => {
      const isKnown = error instanceof CancelledError || hasCode(error, 'ENOSPC') || explainKnown(error) !== undefined;
      if (!isKnown) this.#wrong.push(error instanceof Error ? `${error.stack}` : String(error));
      return false;
    };
    const done = this.#unlessDead(
      window,
      work().then(() => true, failed),
    );
    this.#underWay.push(done);
    return done.then((succeeded) => succeeded === true && !window.steps.crashed);
  }

  #unlessDead<T>({ steps }: EditorWindow, work: Promise<T>): Promise<T | undefined> {
    return Promise.race([work, new Promise<undefined>((resolve) => steps.onDeath(() => resolve(undefined)))]);
  }

  get #living(): readonly EditorWindow[] {
    return this.#windows.filter(({ steps }) => !steps.crashed);
  }

  /** One that has died is opened again. */
  async #window(at: number): Promise<EditorWindow> {
    const former = this.#windows[at];
    if (former !== undefined && !former.steps.crashed) return former;
    const window = this.scene.prepare();
    const { session } = window;
    let before: Kind = 'starting';
    session.onDidChange((state) => {
      if (!possible[before].includes(state.kind)) this.#wrong.push(`${before}, then ${state.kind}`);
      before = state.kind;
      if (state.kind !== 'unlocked') return;
      if (mustSignInAgain(state.facts.dropped)) this.#wrong.push(`unlocked, though ${state.facts.dropped}`);
      const [item] = state.vault.items;
      if (item !== undefined) this.#opened.set(state.vault, { window, itemId: item.id });
    });
    session.setLocking({ minutes: 15 });
    this.#windows[at] = window;
    await this.#patiently(session.start());
    return window;
  }

  /** Time passes by the clock too, as what was lost with a window is waited for; and late answers come in the end. */
  async #patiently(work: Promise<unknown>): Promise<void> {
    let looks = 0;
    let isOver = false;
    const ended = work.finally(() => (isOver = true));
    ended.catch(() => undefined);
    await until('all is over', () => {
      this.scene.clock.advance(20);
      if (++looks > 10) for (const each of this.#disturbances) each.release();
      return isOver;
    });
    await ended;
  }

  /** Waits for all that is under way, and until both windows know the same. */
  async #over(): Promise<void> {
    await this.#patiently(Promise.all(this.#underWay.splice(0)));
    const isSyncing = ({ session: { state } }: EditorWindow) => isSignedIn(state) && state.facts.syncing;
    await this.#patiently(until('no sync is under way', () => !this.#living.some(isSyncing)));
    const known = ({ session: { state } }: EditorWindow) =>
      isSignedIn(state) ? [state.account.id, state.facts.dropped, state.facts.rotationUnfinished].join() : state.kind;
    const agree = async () => {
      await Promise.all(this.#living.map((window) => this.#unlessDead(window, window.session.checkAgain())));
      return this.scene.secrets.isQuiet && new Set(this.#living.map(known)).size < 2;
    };
    await this.#patiently(until('the windows agree', agree));
    assert.deepEqual(this.#wrong, []);
    const isHeld = ({ window, password }: Given) => !window.steps.crashed && password.some((byte) => byte !== 0);
    assert.ok(!this.#passwords.some(isHeld), 'a password is left');
    for (const [vault, { window, itemId }] of this.#opened) {
      if (window.session.state.kind === 'unlocked') continue;
      assert.throws(() => vault.read(itemId, fieldRef('password')), 'nothing can be read after a lock');
    }
  }

  #isWell({ session: { state } }: EditorWindow): boolean {
    if (state.kind !== 'unlocked') return false;
    const { dropped, problem, rotationUnfinished } = state.facts;
    return dropped === undefined && problem === undefined && !rotationUnfinished;
  }

  /** What must hold after something was done, and nothing else beside it. */
  async #check(done: Act['what'], { session }: EditorWindow): Promise<void> {
    const kinds = this.#living.map((window) => window.session.state.kind);
    if (done === 'lock') assert.ok(!kinds.includes('unlocked'), kinds.join());
    if (done === 'sync' && session.state.kind === 'unlocked') {
      const { vault } = session.state;
      const { ciphers, folders, plainUserKey } = this.scene.account;
      const userKey = anyKeyFromBase64(plainUserKey);
      const shown = vault.items.map(({ id, name, favorite, folderId = null, archived, trashed }) =>
        [id, name, vault.read(id, fieldRef('password')), favorite, folderId, archived, trashed].join(),
      );
      const there = ciphers.map(({ id, name, favorite, folderId, archivedDate, deletedDate }) => {
        const text = openText(name!, userKey);
        return [id, text, text, favorite, folderId, archivedDate !== null, deletedDate !== null].join();
      });
      assert.deepEqual(shown.sort(), there.sort());
      const itemNames = ciphers.map(({ name }) => openText(name!, userKey));
      assert.equal(new Set(itemNames).size, ciphers.length, 'an item was made twice');
      const names = folders.map(({ id, name }) => `${id} ${openText(name, userKey)}`);
      assert.deepEqual(vault.folders.map(({ id, name }) => `${id} ${name}`).sort(), names.sort());
      // Each is given once.
      assert.equal(new Set(folders.map(({ name }) => openText(name, userKey))).size, folders.length, 'made twice');
    }
    if (done === 'sign out') {
      assert.deepEqual(new Set(kinds), new Set(['signedOut']));
      // What a window has announced that died before it had sent it is left for a day, as it might still come.
      const lost = this.scene.secrets.losesLastWrites ? this.scene.announcedInVain : [];
      await until('nothing of the account is left', () => this.scene.isEmptyBut(lost));
    }
  }
}
