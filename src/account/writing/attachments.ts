import type { Logger, NewFile, ScratchFile, ScratchFiles, SourceFile } from '../../base/ports';
import { classNameOf, toError } from '../../base/thrown';
import type { TransferOptions } from '../../bitwarden/api/attachments';
import type { OutgoingFile } from '../../bitwarden/api/outgoingFile';
import type { ServerApi } from '../../bitwarden/api/serverApi';
import { receiveFile, sealFile } from '../../bitwarden/crypto/encryptedFile';
import { CancelledError, FileTooLargeError, NotFoundError } from '../../bitwarden/errors';
import { apiHost } from '../../bitwarden/http/servers';
import { readElement } from '../../bitwarden/wire/changedElement';
import type { SealedAttachment } from '../../vault/attachments';
import { cipherOf, keyOfCipher, type RawChange } from '../../vault/encryptedVault';
import {
  ChangeUnknownError,
  LockedError,
  NotAllowedError,
  NotReadableError,
  RepromptRequiredError,
} from '../../vault/errors';
import { MasterPasswordProof } from '../../vault/masterPasswordProof';
import type { AccessTokens } from '../accessTokens';
import { neverCarriedOut } from '../carriedOut';
import { local, localPieces, localScratch } from '../localFile';
import type { SessionStore } from '../sessionStore';
import type { Account } from '../state';
import type { Ask, VaultWrites } from './vaultWrites';

/** In bytes, in clear: what servers and official clients take. */
export const MOST_BYTES = 500 * 1024 * 1024;

/** In bytes: of one read from the scratch file while it is sent. */
const PIECE = 64 * 1024;

/** Files of items: fetched, added and deleted. Whatever is under way ends at a lock, and leaves nothing behind here. */
export class Attachments {
  constructor(
    private readonly parts: {
      readonly store: SessionStore;
      readonly tokens: AccessTokens;
      readonly writes: VaultWrites;
      readonly scratch: ScratchFiles;
      readonly log: Logger;
    },
  ) {}

  /**
   * Decrypts a file. What has arrived waits, encrypted, until its MAC fits; the file is begun only then.
   *
   * @param begin makes the file.
   * @param proof for an item that asks for the master password.
   * @throws LockedError; CancelledError; as OpenVault.attachmentKey, AttachmentsApi.address and fetch, and receiveFile;
   * LocalFileError. There is no file then.
   */
  async download(
    { itemId, attachmentId }: { readonly itemId: string; readonly attachmentId: string },
    begin: () => Promise<NewFile>,
    { signal, onProgress, proof }: TransferOptions & { readonly proof?: MasterPasswordProof | undefined } = {},
  ): Promise<void> {
    const { store, tokens, writes } = this.parts;
    const { account } = store.signedIn();
    const { key } = writes.opened().vault.attachmentKey(itemId, attachmentId, proof);
    const stop = new Stop(store.untilLock, signal);
    try {
      await this.#withScratch(async (scratch) => {
        const received = await tokens.use(account.id, async ({ attachments }) => {
          stop.check();
          const url = await attachments.address(itemId, attachmentId);
          const options = { signal: stop.signal, onProgress };
          return attachments.fetch(url, (body) => receiveFile(body, scratch, key), options);
        });
        stop.check();
        await write(received.content(), begin, stop);
      });
    } catch (error) {
      throw stop.reason ?? error;
    } finally {
      key.wipe();
    }
  }

  /**
   * Adds a file to an item: encrypted to a scratch file, announced, and sent once. Where that fails, or it is not known
   * whether it has, the attachment is deleted again, so that none without a file is left and a second try makes no other.
   *
   * @throws LockedError; CancelledError; FileTooLargeError; LocalFileError; as OpenVault.sealAttachment; ChangeUnknownError
   * where the attachment may still be there; what VaultWrites.run throws.
   */
  async upload(itemId: string, source: SourceFile, { signal, onProgress }: TransferOptions = {}): Promise<void> {
    const { store, writes } = this.parts;
    const { account } = store.signedIn();
    if (source.size > MOST_BYTES) throw new FileTooLargeError(MOST_BYTES);
    const { fileKey, sealed } = writes.opened().vault.sealAttachment(itemId, source.name);
    const stop = new Stop(store.untilLock, signal);
    try {
      await this.#withScratch(async (scratch) => {
        await sealFile(bounded(localPieces(source), stop), scratch, fileKey);
        fileKey.wipe();
        stop.check();
        await this.#send(account, itemId, { sealed, scratch }, { signal: stop.signal, onProgress });
      });
    } catch (error) {
      // What may be left on the server is told also to who has cancelled.
      throw error instanceof ChangeUnknownError ? error : (stop.reason ?? error);
    } finally {
      fileKey.wipe();
    }
  }

  /**
   * Deletes a file of an item for good.
   *
   * @param proof for an item that asks for the master password.
   * @throws NotReadableError, NotAllowedError and RepromptRequiredError before anything is sent; what VaultWrites.run throws.
   */
  async delete(itemId: string, attachmentId: string, proof?: MasterPasswordProof): Promise<void> {
    const { writes } = this.parts;
    const { vault, keyring } = writes.opened();
    if (!vault.sealedAttachments(itemId).some(({ id }) => id === attachmentId)) {
      throw new NotReadableError('no such file');
    }
    if (vault.rights(itemId)?.mayEdit !== true) throw new NotAllowedError('detach');
    if (vault.item(itemId)?.reprompt === true && !MasterPasswordProof.isFor(keyring, proof)) {
      throw new RepromptRequiredError('the master password is asked for');
    }
    await writes.run({
      send: async ({ change, read }) => {
        await change(({ attachments }) => attachments.delete(itemId, attachmentId));
        return this.#changed(read, itemId);
      },
      isMade: (now) => !now.sealedAttachments(itemId).some(({ id }) => id === attachmentId),
    });
  }

  async #send(
    account: Account,
    itemId: string,
    { sealed, scratch }: { readonly sealed: SealedAttachment; readonly scratch: ScratchFile },
    options: TransferOptions,
  ): Promise<void> {
    const { fileName } = sealed;
    const file = outgoing(scratch);
    let undone: Error | undefined;
    try {
      await this.parts.writes.run({
        send: async ({ change, read }) => {
          let isAnnounced = false;
          try {
            const announced = await change(({ attachments }) =>
              attachments.announce(itemId, { ...sealed, fileSize: file.size }),
            );
            isAnnounced = true;
            await change(({ attachments }) => attachments.send(itemId, announced, { fileName, file }, options));
          } catch (error) {
            const mayBeThere = isAnnounced || !neverCarriedOut(error);
            if (mayBeThere && (await this.#isRemoved(account, itemId, fileName))) undone = toError(error);
            throw error;
          }
          return this.#changed(read, itemId);
        },
        isMade: () => false,
        gone: (vault) => (vault.item(itemId) === undefined ? 'item' : undefined),
      });
    } catch (error) {
      throw error instanceof ChangeUnknownError && undone !== undefined ? undone : error;
    }
  }

  /**
   * Deletes what was announced, by its name as it was encrypted, which no other has. Also after a lock: it needs no key.
   *
   * @returns whether nothing of it is left.
   */
  async #isRemoved(account: Account, itemId: string, fileName: string): Promise<boolean> {
    const { tokens, log } = this.parts;
    try {
      await tokens.use(account.id, async (api) => {
        const files = cipherOf(await this.#details(api, account, itemId))?.attachments ?? [];
        for (const { id } of files.filter((file) => file.fileName === fileName))
          await api.attachments.delete(itemId, id);
      });
      return true;
    } catch (error) {
      if (error instanceof NotFoundError) return true;
      log.warn(`What was sent in part was not deleted (${classNameOf(error)}).`);
      return false;
    }
  }

  /** Undefined where the item cannot be read now. */
  async #changed(read: Ask, itemId: string): Promise<readonly RawChange[] | undefined> {
    const { account } = this.parts.store.signedIn();
    try {
      return [await read((api) => this.#details(api, account, itemId))];
    } catch {
      return undefined;
    }
  }

  async #details({ ciphers }: ServerApi, { servers }: Account, itemId: string): Promise<RawChange> {
    const item = readElement(await ciphers.details(itemId), { id: itemId, host: apiHost(servers) });
    return { key: keyOfCipher(itemId), json: Buffer.from(JSON.stringify(item)) };
  }

  async #withScratch(use: (scratch: ScratchFile) => Promise<void>): Promise<void> {
    const scratch = await localScratch(this.parts.scratch);
    try {
      await use(scratch);
    } finally {
      await scratch.delete();
    }
  }
}

/** What ends a transfer before its time. */
class Stop {
  readonly signal: AbortSignal;

  constructor(
    private readonly untilLock: AbortSignal,
    private readonly cancelled: AbortSignal | undefined,
  ) {
    this.signal = AbortSignal.any([untilLock, ...(cancelled === undefined ? [] : [cancelled])]);
  }

  /** Undefined as long as nothing has. */
  get reason(): Error | undefined {
    if (this.untilLock.aborted) return new LockedError('locked meanwhile');
    return this.cancelled?.aborted === true ? new CancelledError() : undefined;
  }

  /** @throws LockedError; CancelledError */
  check(): void {
    const { reason } = this;
    if (reason !== undefined) throw reason;
  }
}

async function write(content: AsyncIterable<Uint8Array>, begin: () => Promise<NewFile>, stop: Stop): Promise<void> {
  const file = await local('write', begin());
  try {
    for await (const piece of content) {
      stop.check();
      await local('write', file.write(piece));
    }
    stop.check();
    await local('write', file.commit());
  } catch (error) {
    await file.abandon().catch(() => undefined);
    throw error;
  }
}

/** A file can grow while it is read. */
async function* bounded(pieces: AsyncIterable<Uint8Array>, stop: Stop): AsyncGenerator<Uint8Array, void> {
  let bytes = 0;
  for await (const piece of pieces) {
    stop.check();
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw new FileTooLargeError(MOST_BYTES);
    yield piece;
  }
}

function outgoing(scratch: ScratchFile): OutgoingFile {
  return {
    size: scratch.size,
    pieces: async function* (start, end) {
      for (let at = start; at < end; at += PIECE) {
        // What was given before may still be on its way to the socket.
        const piece = new Uint8Array(Math.min(PIECE, end - at));
        await scratch.read(piece, at);
        yield piece;
      }
    },
  };
}
