import type { Clock } from './clock';
import type { Change, Dialect, Links } from './dialects/dialect';
import type { Hub } from './hub/hub';
import type { Call } from './http';
import type { Account } from './model';
import type { RateLimits } from './rateLimits';
import type { Tokens } from './tokens';

export interface Urls {
  readonly base: string;
  readonly api: string;
  readonly identity: string;
}

/** What the routes work on. */
export interface ServerState {
  readonly dialect: Dialect;
  readonly accounts: Account[];
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly limits: RateLimits;
  readonly hub: Hub;
  /** Can be called once the server listens. */
  readonly urls: () => Urls;
  /** Answers as a server of about 2021 to 2024: PascalCase names, no master password unlock data. */
  readonly oldAnswers: boolean;
  /** Whether the server can send mail. */
  readonly mail: boolean;
}

const TICKET_SECONDS = 300;

export function links({ tokens, urls }: ServerState): Links {
  return {
    urls: urls(),
    ticket: (cipherId, attachmentId) =>
      encodeURIComponent(tokens.issue({ sub: `${cipherId}/${attachmentId}`, scope: ['attachment'] }, TICKET_SECONDS)),
  };
}

/** Sets a new revision date, by which clients find out that the vault has changed. */
export function touch(state: ServerState, account: Account): string {
  account.revisionDate = state.clock.iso();
  return account.revisionDate;
}

/** Tells the clients that listen to the hub what a call has changed. */
export function tell({ hub, tokens }: ServerState, call: Call, account: Account, change: Change): void {
  hub.tell(account, change, tokens.verify(call.headers.authorization)?.device ?? null);
}
