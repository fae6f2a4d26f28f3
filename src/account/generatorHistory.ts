import type { Clock, FileStore } from '../base/ports';
import {
  allocateSecret,
  asBuffer,
  concatSecrets,
  partOfSecret,
  secretFromText,
  type SecretBytes,
  textOfSecret,
  wipe,
} from '../base/secretBytes';
import { type GeneratorKind, generatorKinds } from '../generate/kinds';
import { LockedError } from '../vault/errors';
import type { SessionStore } from './sessionStore';
import { locks } from './storage/locks';
import { type Guard, SealedFile } from './storage/sealedFile';
import type { SignOuts } from './storage/signOuts';

/** As in official clients (clients: libs/tools/generator/extensions/history). */
const MOST = 100;
/** In bytes; more than MOST of LONGEST take. */
const LARGEST_FILE = 256 * 1024;
/** Before the UTF-8 of each: 8 bytes of time, 1 of the kind, 2 of the length. */
const HEAD = 11;
/** In bytes of UTF-8; more than the generator makes. */
const LONGEST = 2048;

/** One that was copied or inserted. */
export interface Generated {
  readonly kind: GeneratorKind;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * What was generated and used, for all windows, in a sealed file of the account. It is read when somebody asks for it, and
 * nothing of it is kept in memory. What is added goes before the others, which stay bytes: no text is made of them.
 */
export class GeneratorHistory {
  readonly #file: SealedFile;

  constructor(
    private readonly parts: {
      readonly store: SessionStore;
      readonly files: FileStore;
      readonly signOuts: SignOuts;
      readonly isCurrent: (accountId: string) => Promise<boolean>;
      readonly clock: Clock;
    },
  ) {
    this.#file = new SealedFile(parts.files, parts.signOuts, {
      kind: 'generated',
      purpose: 'generated',
      largest: LARGEST_FILE,
    });
  }

  /**
   * Keeps one; the latest once more takes its place. Does nothing while the vault is locked, as SealedFile.update, and for one that is longer than
   * any that is generated.
   *
   * @throws SignedOutError; LockedError when it was locked meanwhile; and as FileStore.
   */
  async add(kind: GeneratorKind, text: string): Promise<void> {
    const { accountId, opened } = this.parts.store;
    if (accountId === undefined || opened === undefined || Buffer.byteLength(text, 'utf8') > LONGEST) return;
    const entry = encode({ kind, text, at: this.parts.clock.now() });
    try {
      await this.#file.update(accountId, opened.keyring, this.#guard(accountId), (before) => {
        const entries = entriesIn(before);
        const [latest] = entries;
        const isThere = latest !== undefined && Buffer.compare(latest.subarray(8), entry.subarray(8)) === 0;
        return concatSecrets(entry, ...entries.slice(isThere ? 1 : 0).slice(0, MOST - 1));
      });
    } finally {
      wipe(entry);
    }
  }

  /** The latest first. @throws LockedError; and as FileStore. */
  async entries(): Promise<readonly Generated[]> {
    const { accountId, keyring } = this.#open();
    const content = await this.#file.read(accountId, keyring);
    try {
      return entriesIn(content).flatMap((entry) => decode(entry) ?? []);
    } finally {
      wipe(content);
    }
  }

  /** @throws as add. */
  async clear(): Promise<void> {
    const { accountId, keyring } = this.#open();
    await this.#file.update(accountId, keyring, this.#guard(accountId), () => allocateSecret(0));
  }

  #guard(accountId: string): Guard {
    return { lock: locks.generated(accountId), isCurrent: () => this.parts.isCurrent(accountId) };
  }

  #open() {
    const { accountId, opened } = this.parts.store;
    if (accountId === undefined || opened === undefined) throw new LockedError('locked');
    return { accountId, keyring: opened.keyring };
  }
}

function encode({ kind, text, at }: Generated): SecretBytes {
  const bytes = secretFromText(text);
  const head = allocateSecret(HEAD);
  try {
    const view = asBuffer(head);
    view.writeDoubleBE(at, 0);
    view.writeUInt8(generatorKinds.indexOf(kind), 8);
    view.writeUInt16BE(bytes.length, 9);
    return concatSecrets(head, bytes);
  } finally {
    wipe(bytes);
  }
}

/** The entries one by one, as views. What is cut off at the end is left out. */
function entriesIn(content: SecretBytes | undefined): readonly SecretBytes[] {
  const entries: SecretBytes[] = [];
  if (content === undefined) return entries;
  const view = asBuffer(content);
  for (let at = 0; at + HEAD <= content.length;) {
    const end = at + HEAD + view.readUInt16BE(at + 9);
    if (end > content.length) break;
    entries.push(partOfSecret(content, at, end));
    at = end;
  }
  return entries;
}

/** Undefined for what this version does not know. */
function decode(entry: SecretBytes): Generated | undefined {
  const view = asBuffer(entry);
  const kind = generatorKinds[view.readUInt8(8)];
  const text = textOfSecret(partOfSecret(entry, HEAD));
  return kind === undefined || text === undefined ? undefined : { kind, text, at: view.readDoubleBE(0) };
}
