import type { Emitter } from '../base/event';
import type { KeyKeeper } from '../base/keyKeeper';
import type { Clock, FileStore, Logger, ScratchFiles } from '../base/ports';
import { AccessTokens, type Connect } from './accessTokens';
import type { Accounts } from './accounts';
import { Rotation } from './apiKeyRotation';
import { ApiKeys, type SettledRotation } from './apiKeys';
import { Live } from './live/live';
import { OwnChanges } from './live/ownChanges';
import { MasterPassword } from './masterPassword';
import { PinUnlock } from './pinUnlock';
import type { RecordsFollower } from './recordsFollower';
import type { SessionStore } from './sessionStore';
import { SigningIn } from './signingIn';
import type { VaultCache } from './storage/cache';
import type { Records } from './storage/records';
import { Synchronizer } from './sync/synchronizer';
import { Syncs } from './sync/syncs';
import { SharedUnlock } from './sharedUnlock';
import type { KeeperSecret } from './storage/keeperSecret';
import { Unlocker } from './unlocker';
import { UserVerifier } from './userVerification';
import { Attachments } from './writing/attachments';
import { ContentWrites } from './writing/contentWrites';
import { FolderWrites } from './writing/folderWrites';
import { ItemWrites } from './writing/itemWrites';
import { VaultWrites } from './writing/vaultWrites';

/**
 * What is done with an account by crypto or over the network. A window that only shows the state of its account needs
 * nothing of it: Session loads this file, and with it all that it imports, at the first use.
 */
export class Operations {
  readonly tokens: AccessTokens;
  readonly syncs: Syncs;
  readonly masterPassword: MasterPassword;
  readonly pin: PinUnlock;
  /** Undefined where no keeper can be. */
  readonly shared: SharedUnlock | undefined;
  readonly apiKeys: ApiKeys;
  readonly signingIn: SigningIn;
  readonly items: ItemWrites;
  readonly folders: FolderWrites;
  readonly attachments: Attachments;
  readonly contents: ContentWrites;
  readonly live: Live;

  constructor(parts: {
    readonly store: SessionStore;
    readonly records: Records;
    readonly accounts: Accounts;
    readonly cache: VaultCache;
    readonly follower: RecordsFollower;
    readonly files: FileStore;
    readonly scratch: ScratchFiles;
    readonly clock: Clock;
    readonly log: Logger;
    readonly connect: Connect;
    readonly keeper: KeyKeeper | undefined;
    readonly keeperSecret: KeeperSecret;
    readonly settled: Emitter<SettledRotation>;
    /** A sync was made that nobody has asked for. Never throws. */
    readonly onDidSync: () => Promise<void>;
    /** See SharedUnlock.tryAgain. */
    readonly onLostKeeper: () => void;
  }) {
    const { store, records, accounts, cache, follower, files, clock, log, connect, settled } = parts;
    const { keeper, keeperSecret: secret } = parts;
    const tokens = new AccessTokens(records, files, clock, connect, (id, reason) => follower.drop(id, reason));
    const rotation = new Rotation(records, tokens, files, log);
    const synchronizer = new Synchronizer(tokens, cache, files);
    const syncs = new Syncs({ store, records, tokens, cache, synchronizer, clock, log });
    const unlocker = new Unlocker(cache);
    const masterPassword = new MasterPassword(store, cache, syncs, unlocker);
    const verifier = new UserVerifier(store, cache, syncs, masterPassword);
    const own = new OwnChanges(clock);
    const writes = new VaultWrites({ store, tokens, syncs, own, log });
    this.items = new ItemWrites(store, writes, clock);
    this.folders = new FolderWrites(store, writes);
    this.attachments = new Attachments({ store, tokens, writes, scratch: parts.scratch, log });
    this.contents = new ContentWrites({ store, writes, tokens, clock });
    this.tokens = tokens;
    this.syncs = syncs;
    this.masterPassword = masterPassword;
    this.pin = new PinUnlock(store, records, cache, files, unlocker);
    this.live = new Live({ store, tokens, syncs, own, files, clock, log, onDidSync: parts.onDidSync });
    this.shared =
      keeper &&
      new SharedUnlock({
        ...{ store, records, follower, cache, secret, unlocker, keeper, clock, log },
        tryAgain: parts.onLostKeeper,
      });
    this.apiKeys = new ApiKeys({ follower, tokens, rotation, syncs, verifier, settled, log });
    this.signingIn = new SigningIn({
      ...{ records, accounts, cache, files, follower, secret },
      ...{ tokens, rotation, synchronizer, syncs, verifier },
    });
  }
}
