import { itemElement, type JsonBounds, smallElement } from '../wire/boundedJson';

const KIB = 1024;
const MIB = 1024 * KIB;

/** One kind of answer: the most that is read of it, and the time that it may take. */
export interface AnswerKind extends JsonBounds {
  /** How many times the ordinary time limit (HttpOptions.timeoutMs) it may take; 1 when absent. */
  readonly timeLimits?: number;
  /** The time limit is for the time in which no byte goes either way, and not for all of it. */
  readonly isIdleLimit?: true;
}

/**
 * Several times what real servers send, and small enough that even hostile JSON of that size is parsed within
 * milliseconds. Bytes are counted after decompression.
 */
export const answers = {
  /** The access token names the organisations of its user, and comes with the keys of the account. */
  token: { bytes: 256 * KIB, tokens: 2_000 },
  prelogin: { bytes: 16 * KIB, tokens: 200 },
  config: { bytes: 64 * KIB, tokens: 2_000 },
  revisionDate: { bytes: KIB, tokens: 1 },
  apiKey: { bytes: 16 * KIB, tokens: 200 },
  /** For calls without a result: an empty body, or JSON that is not used. */
  nothing: { bytes: 64 * KIB, tokens: 1_000 },
  /** Megabytes for a member of hundreds of organisations; read member by member. */
  profile: { bytes: 8 * MIB, tokens: 500_000, timeLimits: 4 },
  /** Read element by element: 100,000 items are some 250 MB, which take five minutes over a line of 7 Mbit/s. */
  sync: { bytes: 300 * MIB, tokens: Infinity, timeLimits: 10 },
  item: itemElement,
  folder: smallElement,
  /** Hundreds of items that were changed; not parsed. */
  ignoredItems: { bytes: 64 * MIB, tokens: Infinity, timeLimits: 4 },
  attachment: { bytes: 64 * KIB, tokens: 1_000 },
  /** An encrypted file: servers take 500 MiB of them, Vaultwarden with a MiB of tolerance. Not parsed. */
  file: { bytes: 501 * MIB + KIB, tokens: Infinity, timeLimits: 2, isIdleLimit: true },
  /** To a file that was sent: nothing, or the item. */
  fileReceived: { ...itemElement, timeLimits: 4, isIdleLimit: true },
  /** Any answer that is not 2xx. A longer body is not read: it is a proxy's page, or hostile. */
  refusal: { bytes: 64 * KIB, tokens: 1_000 },
} as const satisfies Record<string, AnswerKind>;
