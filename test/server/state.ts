import type { Account } from './model';
import type { Clock } from './clock';
import type { Dialect } from './dialects/dialect';
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
  /** Known once the socket is bound. */
  readonly urls: () => Urls;
  /** Answers as a server of about 2021 to 2024: PascalCase names, no master password unlock data. */
  readonly oldAnswers: boolean;
}

/** The vault of the account changed: clients find out by accounts/revision-date. */
export function touch(state: ServerState, account: Account): string {
  account.revisionDate = state.clock.iso();
  return account.revisionDate;
}
