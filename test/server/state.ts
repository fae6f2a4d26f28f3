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
  /** Known once the socket is bound. */
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

/** The vault of the account changed: clients find out by accounts/revision-date. */
export function touch(state: ServerState, account: Account): string {
  account.revisionDate = state.clock.iso();
  return account.revisionDate;
}

/** Says what a call has changed to who listens to the hub. */
export function tell({ hub, tokens }: ServerState, call: Call, account: Account, change: Change): void {
  hub.tell(account, change, tokens.verify(call.headers.authorization)?.device ?? null);
}
