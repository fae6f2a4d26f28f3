import { pause } from '../../base/pause';
import type { Clock, FileStore, Logger } from '../../base/ports';
import { classNameOf } from '../../base/thrown';
import { HttpError, MalformedAnswerError, UnauthorizedError } from '../../bitwarden/errors';
import type { ServerApi } from '../../bitwarden/api/serverApi';
import type { HubConnection } from '../../bitwarden/hub/hubConnection';
import type { Push } from '../../bitwarden/hub/push';
import type { AccessTokens } from '../accessTokens';
import type { SessionStore } from '../sessionStore';
import type { Account } from '../state';
import { locks } from '../storage/locks';
import type { Syncs } from '../sync/syncs';
import type { OwnChanges } from './ownChanges';
import { keyOf, PushedChanges } from './pushedChanges';

/** In milliseconds. A server without a hub is asked again after so long: meanwhile the sync in the interval does it all. */
const NO_HUB_REST_MS = 60 * 60 * 1000;

/** In milliseconds, twice as long after each failure in a row; of each wait up to half is left out, by chance. */
const FIRST_REST_MS = 4_000;
const LONGEST_REST_MS = 5 * 60 * 1000;

/** In milliseconds. A connection that has lasted so long was no failure. */
const STEADY_MS = 60_000;

/** In milliseconds. Of several pushes about memberships in that time, one leads to a sign-in. */
const NEW_TOKEN_MS = 60 * 60 * 1000;

interface LiveParts {
  readonly store: SessionStore;
  readonly tokens: AccessTokens;
  readonly syncs: Syncs;
  readonly own: OwnChanges;
  readonly files: FileStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onDidSync: () => Promise<void>;
}

/**
 * Listens to the notifications hub while the vault is unlocked, in one window of all that have this account unlocked; the
 * others see what it stores. Whatever goes wrong, the sync in the interval goes on.
 */
export class Live {
  #isEnabled = false;
  #listening: AbortController | undefined;
  /** By the uptime: before that there is no use in asking for a hub. */
  #noHubUntil = 0;
  #renewAfter = 0;
  readonly #subscription;

  constructor(private readonly parts: LiveParts) {
    this.#subscription = parts.store.onDidChange(() => this.#update());
  }

  set isEnabled(isEnabled: boolean) {
    this.#isEnabled = isEnabled;
    this.#update();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#listening?.abort();
  }

  #update(): void {
    const { state } = this.parts.store;
    const isWanted =
      this.#isEnabled &&
      state.kind === 'unlocked' &&
      state.facts.dropped === undefined &&
      !state.facts.rotationUnfinished;
    if (!isWanted) {
      this.#listening?.abort();
      this.#listening = undefined;
    } else if (this.#listening === undefined) {
      this.#listening = new AbortController();
      void this.#lead(state.account, this.#listening.signal);
    }
  }

  /** Listens when it is this window's turn. Never throws: where the lock fails, as with a full disk, it is tried again. */
  async #lead(account: Account, signal: AbortSignal): Promise<void> {
    const { files, clock, log } = this.parts;
    for (let failures = 1; !isOver(signal); failures++) {
      try {
        await files.lead(locks.live(account.id), signal, () => this.#listen(account, signal));
      } catch (error) {
        if (failures === 1) log.warn(`Not listening for changes (${classNameOf(error)}); trying again.`);
        await pause(clock, restAfter(failures), signal);
      }
    }
  }

  async #listen(account: Account, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.parts;
    const changes = new PushedChanges(this.parts, account, signal);
    let failures = 0;
    await pause(clock, this.#noHubUntil - clock.uptime(), signal);
    while (!isOver(signal)) {
      const began = clock.uptime();
      if ((await this.#converse(account, changes, signal)) === 'noHub') {
        log.debug('This server has no hub; it is asked for changes in the interval.');
        const rest = withChance(NO_HUB_REST_MS);
        this.#noHubUntil = clock.uptime() + rest;
        await pause(clock, rest, signal);
      } else {
        failures = clock.uptime() - began > STEADY_MS ? 0 : failures + 1;
        await pause(clock, restAfter(failures), signal);
      }
    }
  }

  /** One connection, from its beginning to its end. Never throws. */
  async #converse(account: Account, changes: PushedChanges, signal: AbortSignal): Promise<'noHub' | 'ended'> {
    const { clock, log } = this.parts;
    const untilRenewal = new AbortController();
    let hub: HubConnection | undefined;
    try {
      const device = await this.#device();
      const options = {
        clock,
        signal: AbortSignal.any([signal, untilRenewal.signal]),
        onPush: (push: Push) => {
          if (this.#concerns(push, account, device)) void this.#follow(push, account, changes, untilRenewal);
        },
      };
      const api = await this.#api(account);
      try {
        hub = await api.hub.open(options);
      } catch (error) {
        if (!(error instanceof UnauthorizedError)) throw error;
        // The calls of a sync get another token where this one is not good any more; a hub alone is no reason to sign in.
        await changes.check();
        const next = await this.#api(account);
        if (next.token === api.token) throw error;
        hub = await next.hub.open(options);
      }
    } catch (error) {
      if (signal.aborted) return 'ended';
      log.debug(`The hub was not reached (${classNameOf(error)}).`);
      return isWithoutHub(error) ? 'noHub' : 'ended';
    }
    if (hub === undefined) return 'noHub';
    log.debug('Listening to the hub.');
    // For what has changed while nobody listened.
    void changes.check();
    const reason = await hub.ended;
    if (reason instanceof MalformedAnswerError) log.warn('The hub was left: what it sent is no message.');
    else if (reason !== undefined) log.debug(`The hub has ended (${classNameOf(reason)}).`);
    return 'ended';
  }

  /** By which servers know all windows of this machine. */
  async #device(): Promise<string> {
    return (await this.parts.tokens.connect()).identity.deviceIdentifier.toLowerCase();
  }

  /** The calls with a token of now, which is not tried. */
  #api({ id }: Account): Promise<ServerApi> {
    return this.parts.tokens.use(id, (api) => Promise.resolve(api));
  }

  #concerns({ change, userId, device }: Push, account: Account, ownDevice: string): boolean {
    if (userId !== undefined && userId !== account.userId) return false;
    return !('id' in change && device === ownDevice && this.parts.own.take(keyOf(change)));
  }

  /** Never throws. @param untilRenewal ends the connection, so that the next one is made with another token. */
  async #follow(
    { change }: Push,
    account: Account,
    changes: PushedChanges,
    untilRenewal: AbortController,
  ): Promise<void> {
    const { tokens, clock, log } = this.parts;
    await changes.take(change);
    if (change.kind !== 'memberships' || clock.uptime() < this.#renewAfter) return;
    // The official hub tells of the changes of those organizations that the token names.
    this.#renewAfter = clock.uptime() + NEW_TOKEN_MS;
    try {
      await tokens.replace(account.id, (await this.#api(account)).token);
    } catch (error) {
      log.debug(`No other token for the hub (${classNameOf(error)}).`);
    }
    untilRenewal.abort();
  }
}

/** Asked anew after each wait: the type check takes a signal for one that never changes. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** @param failures in a row. */
function restAfter(failures: number): number {
  return withChance(Math.min(FIRST_REST_MS * 2 ** Math.max(failures - 1, 0), LONGEST_REST_MS));
}

/** Between half of it and all of it. */
function withChance(milliseconds: number): number {
  return milliseconds * (0.5 + Math.random() / 2);
}

/** Whether what was met is something that does not pass: other software, or a proxy that lets no WebSocket through. */
function isWithoutHub(error: unknown): boolean {
  if (error instanceof HttpError) return (error.status < 500 && error.status !== 429) || error.status === 501;
  return error instanceof UnauthorizedError || error instanceof MalformedAnswerError;
}
