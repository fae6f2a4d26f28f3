import { pause } from '../../base/pause';
import type { Clock, Logger } from '../../base/ports';
import { classNameOf } from '../../base/thrown';
import { apiHost } from '../../bitwarden/http/servers';
import { NotFoundError } from '../../bitwarden/errors';
import type { PushedChange } from '../../bitwarden/hub/push';
import { smallElement } from '../../bitwarden/wire/boundedJson';
import { readElement } from '../../bitwarden/wire/changedElement';
import { keyOfCipher, keyOfFolder, type RawChange } from '../../vault/encryptedVault';
import type { AccessTokens } from '../accessTokens';
import type { SessionStore } from '../sessionStore';
import type { Account } from '../state';
import { onOneLine } from '../storage/vaultLines';
import type { Syncs } from '../sync/syncs';

/** More elements than that are brought by one sync. */
const MOST_ONE_BY_ONE = 20;

type Element = Extract<PushedChange, { readonly id: string }>;

/**
 * Brings what pushes tell of to the vault: an element that is named by asking the server for it, all else by a sync. So it
 * does not matter in which order pushes come, and how often. One thing is done at a time; what comes meanwhile is
 * collected, so that many pushes never lead to many syncs.
 */
export class PushedChanges {
  readonly #elements = new Map<string, Element>();
  #sync: 'ifNewer' | 'inAnyCase' | undefined;
  /** One that brings what no date tells of has failed. The next occasion is when the hub is reached again, or tells more. */
  #owesASync = false;
  #working: Promise<void> | undefined;

  constructor(
    private readonly parts: {
      readonly store: SessionStore;
      readonly tokens: AccessTokens;
      readonly syncs: Syncs;
      readonly clock: Clock;
      readonly log: Logger;
      /** A sync was made. Never throws. */
      readonly onDidSync: () => Promise<void>;
    },
    private readonly account: Account,
    private readonly signal: AbortSignal,
  ) {}

  /** Something may have been missed. Resolves when all that is known by now was brought. */
  check(): Promise<void> {
    this.#sync ??= 'ifNewer';
    return this.#work();
  }

  /** As check, for a push. */
  take(change: PushedChange): Promise<void> {
    // Whatever the date of the vault is: that of some changes is the one of before.
    if (!('id' in change) || this.#elements.size === MOST_ONE_BY_ONE) this.#sync = 'inAnyCase';
    else this.#elements.set(keyOf(change), change);
    return this.#work();
  }

  #work(): Promise<void> {
    if (this.#owesASync) this.#sync = 'inAnyCase';
    this.#owesASync = false;
    this.#working ??= this.#bringAll();
    return this.#working;
  }

  async #bringAll(): Promise<void> {
    const { clock } = this.parts;
    while (!this.signal.aborted && (this.#sync !== undefined || this.#elements.size > 0)) {
      const sync = this.#sync;
      const elements = [...this.#elements.values()];
      this.#sync = undefined;
      this.#elements.clear();
      const began = clock.uptime();
      if (sync !== undefined) await this.#bringByASync(sync);
      // A whole vault has them all.
      if (sync !== 'inAnyCase' && elements.length > 0 && !(await this.#bring(elements))) this.#sync = 'inAnyCase';
      // However many pushes a server sends, half of the time nothing is fetched.
      await pause(clock, clock.uptime() - began, this.signal);
    }
    // In the same breath as the last look: what comes from now on begins anew.
    this.#working = undefined;
  }

  /** Never throws: a failure is a fact of the account. */
  async #bringByASync(sync: 'ifNewer' | 'inAnyCase'): Promise<void> {
    const { syncs, log, onDidSync } = this.parts;
    // What runs now may have begun before the change.
    await syncs.ended();
    if (this.signal.aborted) return;
    try {
      await syncs.shared(this.account, { force: sync === 'inAnyCase' });
      await onDidSync();
    } catch (error) {
      log.debug(`A sync after a push failed (${classNameOf(error)}).`);
      this.#owesASync ||= sync === 'inAnyCase';
    }
  }

  /** @returns false where only a sync helps. Never throws. */
  async #bring(elements: readonly Element[]): Promise<boolean> {
    const { store, syncs, log } = this.parts;
    const { id } = this.account;
    try {
      for (let attempt = 0; attempt < 3; attempt++) {
        const before = store.openedOf(id)?.cached.header.id;
        if (before === undefined) return true;
        const answers: RawChange[] = [];
        for (const element of elements) {
          if (this.signal.aborted) return true;
          answers.push(await this.#ask(element));
        }
        const shown = store.openedOf(id)?.cached;
        // What has been stored meanwhile may be newer than these answers.
        if (shown?.header.id !== before) continue;
        const changes = answers.filter(({ key, json }) => !isSame(shown.elements.get(key), json));
        if (changes.length === 0 || (await syncs.add(this.account, changes))) return true;
        // Another window may have stored something.
        await syncs.showCached(this.account);
      }
    } catch (error) {
      log.debug(`A change was not fetched (${classNameOf(error)}).`);
    }
    return false;
  }

  async #ask(element: Element): Promise<RawChange> {
    const { id: accountId, servers } = this.account;
    const { kind, id } = element;
    const key = keyOf(element);
    try {
      const json = await this.parts.tokens.use(accountId, ({ ciphers, folders }) =>
        kind === 'item' ? ciphers.details(id) : folders.get(id),
      );
      readElement(json, { id, host: apiHost(servers), ...(kind === 'folder' && { bounds: smallElement }) });
      return { key, json: onOneLine(json) };
    } catch (error) {
      // Also where an item of an organisation is not for this user: the official server tells all members of it.
      if (error instanceof NotFoundError) return { key, json: undefined };
      throw error;
    }
  }
}

/** The key under which the vault has it. */
export function keyOf({ kind, id }: Element): string {
  return kind === 'item' ? keyOfCipher(id) : keyOfFolder(id);
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return Buffer.compare(one, other) === 0;
}
