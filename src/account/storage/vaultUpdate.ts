import type { SyncPiece } from '../../bitwarden/wire/syncAnswer';
import type { FileStore, NewFile } from '../../base/ports';
import { TimeSlices } from '../../base/timeSlices';
import { elementKeys, isMemberOfAccount, type MemberOfAccount, type RawChange } from '../../vault/encryptedVault';
import { VaultNotStoredError } from '../../vault/errors';
import { classNameOf } from '../../base/thrown';
import { accountFile } from './fileNames';
import {
  type CachedVault,
  END_LENGTH,
  formatHeader,
  formatLine,
  lastHeaderOf,
  onOneLine,
  type VaultHeader,
} from './vaultLines';

const MIB = 1024 * 1024;

/** Bytes of what has changed that are held in memory, and added to a file. More is written as a whole. */
const MOST_APPENDED = 4 * MIB;

/**
 * In bytes. A file is written anew when adding to it would leave more outdated bytes in it than current ones, and so many
 * more.
 */
const MOST_OUTDATED = MIB;

const WRITTEN_AT_ONCE = MIB;

/** What has changed in the vault that the update began with. Undefined: that is not known, all of it may have. */
type UpdateOutcome = readonly RawChange[] | undefined;

/**
 * Brings the file of a vault to what a server sends, piece by piece as that arrives: adds what has changed to the file, or
 * writes it anew where there was none, where part of it is spoiled, or where much has changed. Nothing takes effect before
 * `commit`; either that or `abandon` ends it.
 */
export class VaultUpdate {
  readonly #name: string;
  readonly #keyOf: ReturnType<typeof elementKeys>;
  readonly #members = new Map<MemberOfAccount, Uint8Array>();
  readonly #seen = new Set<string>();
  /**
   * The elements of the base that have not arrived yet, in their order. Servers keep that order, so the next piece is
   * often the first of them, byte for byte, and its id need not be looked for.
   */
  readonly #expected: Iterator<[string, Uint8Array], undefined>;
  #next: readonly [string, Uint8Array] | undefined;
  /** What has changed so far, by key. Undefined once the file is written anew. */
  #changes: Map<string, Uint8Array> | undefined;
  #changedBytes = 0;
  /** What has changed, and what is gone. Undefined before `end`, and where the file is written anew. */
  #allChanges: readonly RawChange[] | undefined;
  #file: NewFile | undefined;
  #unwritten: Uint8Array[] = [];
  #unwrittenBytes = 0;

  /**
   * @param base what the file holds; undefined: there is none yet.
   * @param host for error messages.
   */
  constructor(
    private readonly files: FileStore,
    accountId: string,
    private readonly base: CachedVault | undefined,
    host: string,
  ) {
    this.#name = accountFile(accountId, 'vault');
    this.#keyOf = elementKeys(host);
    this.#expected = (base?.elements ?? new Map<string, Uint8Array>()).entries();
    this.#next = this.#expected.next().value;
    this.#changes = base?.isWhole ? new Map() : undefined;
  }

  /** @throws MalformedAnswerError for one that is no JSON; VaultNotStoredError. */
  async take(piece: SyncPiece): Promise<void> {
    const json = onOneLine(piece.bytes);
    const [key, before] = this.#find({ ...piece, bytes: json });
    // Of several elements of one id the first counts. Otherwise the name of one and the secrets of another could show as
    // one item.
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (isMemberOfAccount(key)) this.#members.set(key, json.slice());
    if (this.#changes === undefined) {
      await this.#write(key, json);
    } else if (before === undefined || !isSame(before, json)) {
      this.#changes.set(key, json.slice());
      this.#changedBytes += json.length;
      if (this.#changedBytes > MOST_APPENDED) await this.#writeAnew();
    }
  }

  /** The answer has arrived to its end. */
  async end(): Promise<void> {
    const changes = this.#changes;
    if (changes === undefined) return;
    const all: RawChange[] = [];
    const slices = new TimeSlices();
    await slices.each(this.base?.elements.keys() ?? [], (key) => {
      if (!this.#seen.has(key)) all.push({ key, json: undefined });
    });
    await slices.each(changes, ([key, json]) => all.push({ key, json }));
    this.#allChanges = all;
  }

  /** One of the members that say whose vault it is and what opens it, in JSON, once it has arrived. */
  member(name: MemberOfAccount): Uint8Array | undefined {
    return this.#members.get(name);
  }

  /**
   * Called after `end`. Whoever calls it keeps other windows from writing the file, and has made sure that it still holds
   * the base.
   *
   * @param header has the id of the base if it is known that nothing has changed, and otherwise a new one.
   * @throws VaultNotStoredError; the file is as it was then, up to what was added in part, which counts for nothing.
   */
  async commit(header: VaultHeader): Promise<UpdateOutcome> {
    const { base } = this;
    const changes = this.#allChanges;
    if (base !== undefined && changes !== undefined) {
      if (await addChanges(this.files, this.#name, base, changes, header)) return changes;
    }
    if (this.#changes !== undefined) await this.#writeAnew();
    // The header is written twice, with an empty line between. Otherwise a single spoiled byte, in the header or in the
    // line break behind it, would make the whole file unreadable.
    const line = formatHeader({ ...header, base: undefined });
    this.#unwritten.push(line, Buffer.from('\n'), line);
    await this.#flush();
    await stored((await this.#newFile()).commit());
    return changes;
  }

  /** After `end`: whether nothing has changed but, perhaps, what the header says. */
  get changesNothing(): boolean {
    return this.#allChanges?.length === 0;
  }

  async abandon(): Promise<void> {
    await this.#file?.abandon();
  }

  #find(piece: SyncPiece): readonly [string, Uint8Array | undefined] {
    const next = this.#next;
    if (next !== undefined && isSame(next[1], piece.bytes) && isOf(next[0], piece)) {
      this.#next = this.#expected.next().value;
      return next;
    }
    const key = this.#keyOf(piece);
    if (next?.[0] === key) this.#next = this.#expected.next().value;
    return [key, this.base?.elements.get(key)];
  }

  /**
   * Begins to write the file anew: first the pieces that have arrived, which are in the changes or as in the base. From
   * then on every piece is written when it arrives.
   */
  async #writeAnew(): Promise<void> {
    const changes = this.#changes ?? new Map<string, Uint8Array>();
    this.#changes = undefined;
    for (const key of this.#seen) {
      const json = changes.get(key) ?? this.base?.elements.get(key);
      if (json !== undefined) await this.#write(key, json);
    }
  }

  async #write(key: string, json: Uint8Array): Promise<void> {
    const line = formatLine({ key, json });
    this.#unwritten.push(line);
    this.#unwrittenBytes += line.length;
    if (this.#unwrittenBytes >= WRITTEN_AT_ONCE) await this.#flush();
  }

  async #flush(): Promise<void> {
    const file = await this.#newFile();
    const lines = Buffer.concat(this.#unwritten);
    this.#unwritten = [];
    this.#unwrittenBytes = 0;
    await stored(file.write(lines));
  }

  async #newFile(): Promise<NewFile> {
    return (this.#file ??= await stored(this.files.create(this.#name)));
  }
}

/**
 * Adds changes to the file of a vault. Whoever calls it keeps other windows from writing the file, and has made sure that
 * it still holds the base.
 *
 * @returns false: they have to be written with all the rest. That is so where too much of the file would be outdated, and
 * where its last line is no header: then a write was cut off, and its lines would take effect with the header that is
 * added now.
 * @throws VaultNotStoredError
 */
export async function addChanges(
  files: FileStore,
  name: string,
  base: CachedVault,
  changes: readonly RawChange[],
  header: VaultHeader,
): Promise<boolean> {
  const end = await files.readEnd(name, END_LENGTH);
  if (end === undefined || lastHeaderOf(end.bytes) === undefined) return false;
  let live = 0;
  for (const json of base.elements.values()) live += json.length;
  let added = 0;
  for (const { key, json } of changes) {
    if (json === undefined) live -= base.elements.get(key)?.length ?? 0;
    else added += json.length;
  }
  if (end.size + added > 2 * live + MOST_OUTDATED) return false;
  const lines: Uint8Array[] = [];
  await new TimeSlices().each(changes, (change) => lines.push(formatLine(change)));
  lines.push(formatHeader({ ...header, base: base.header.id }));
  await stored(files.append(name, Buffer.concat(lines)));
  return true;
}

/** @throws VaultNotStoredError */
async function stored<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : classNameOf(error);
    throw new VaultNotStoredError(code, { cause: error });
  }
}

/**
 * Whether a piece that is the same as what the file holds under a key belongs under that key. Its id has to be in it,
 * because in a file that was tampered with an element may be under the id of another one. An element without an id never
 * passes: its key holds a number, which elementKeys has to count up.
 */
function isOf(key: string, { name, isElement, bytes }: SyncPiece): boolean {
  if (!isElement) return key === name;
  const id = key.slice(name.length + 1);
  return key === `${name}/${id}` && !id.startsWith('#') && contains(bytes, `"${id}"`);
}

function contains({ buffer, byteOffset, length }: Uint8Array, text: string): boolean {
  return Buffer.from(buffer, byteOffset, length).includes(text);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && Buffer.compare(one, other) === 0;
}
