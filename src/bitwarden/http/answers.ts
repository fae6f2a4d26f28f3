import type { JsonBounds } from '../wire/boundedJson';

const KIB = 1024;
const MIB = 1024 * KIB;

/** One kind of answer: what it may cost to read, and how often the ordinary time limit it may take. */
export interface AnswerKind extends JsonBounds {
  readonly timeLimits?: number;
}

/** Each a good deal larger than any server's, and small enough that the worst of its size is read in milliseconds. */
export const answers = {
  /** The access token names the organisations of its user, and comes with the keys of the account. */
  token: { bytes: 256 * KIB, tokens: 2_000 },
  prelogin: { bytes: 16 * KIB, tokens: 200 },
  revisionDate: { bytes: KIB, tokens: 1 },
  apiKey: { bytes: 16 * KIB, tokens: 200 },
  /** Nothing, or a few words that nobody reads. */
  nothing: { bytes: 64 * KIB, tokens: 1_000 },
  /** Megabytes for a member of hundreds of organisations; read member by member. */
  profile: { bytes: 8 * MIB, tokens: 500_000, timeLimits: 4 },
  /** Read element by element: 100,000 items are some 250 MB, which take five minutes over a line of 7 Mbit/s. */
  sync: { bytes: 300 * MIB, tokens: Infinity, timeLimits: 10 },
  /** Of any request: more than that says nothing, be it the page of a proxy or worse. */
  refusal: { bytes: 64 * KIB, tokens: 1_000 },
} as const satisfies Record<string, AnswerKind>;
