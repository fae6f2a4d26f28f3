import type { Logger, NewFile, ScratchFile, ScratchFiles, SourceFile } from '../../base/ports';
import { classNameOf } from '../../base/thrown';
import type { TransferOptions } from '../../bitwarden/api/attachments';
import type { OutgoingFile } from '../../bitwarden/api/outgoingFile';
import type { ServerApi } from '../../bitwarden/api/serverApi';
import type { SymmetricKey } from '../../bitwarden/crypto/keys';
import { receiveFile, sealFile } from '../../bitwarden/crypto/encryptedFile';
import { CancelledError, FileTooLargeError, NotFoundError } from '../../bitwarden/errors';
import { apiHost } from '../../bitwarden/http/servers';
import type { SealedAttachment } from '../../vault/attachments';
import { cipherOf } from '../../vault/encryptedVault';
import {
  GoneElsewhereError,
  LockedError,
  NotAllowedError,
  NotReadableError,
  RepromptRequiredError,
  UploadUnknownError,
} from '../../vault/errors';
import { MasterPasswordProof } from '../../vault/masterPasswordProof';
import type { AccessTokens } from '../accessTokens';
import { neverCarriedOut } from '../carriedOut';
import { local, localPieces, localScratch } from '../localFile';
import type { SessionStore } from '../sessionStore';
import type { Account } from '../state';
import { changesOf, fetchItem } from './fetchItem';
import type { VaultWrites } from './vaultWrites';

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
    const openKey = () => writes.opened().vault.attachmentKey(itemId, attachmentId, proof).key;
    // What cannot be opened is not asked for, and the key is here no longer than it is used.
    openKey().wipe();
    let key: SymmetricKey | undefined;
    const stop = new Stop(store.untilLock, signal);
    try {
      await this.#withScratch(async (scratch) => {
        const received = await tokens.use(account.id, async ({ attachments }) => {
          stop.check();
          const url = await attachments.address(itemId, attachmentId, stop.signal);
          stop.check();
          const fileKey = (key ??= openKey());
          const options = { signal: stop.signal, onProgress };
          return attachments.fetch(url, (body) => receiveFile(body, scratch, fileKey), options);
        });
        stop.check();
        await write(received.content(), begin, stop);
      });
    } catch (error) {
      throw stop.reason ?? error;
    } finally {
      key?.wipe();
    }
  }

  /**
   * Adds a file to an item: encrypted to a scratch file, announced, and sent once. Where that fails, or it is not known
   * whether it has, the attachment is deleted again, so that none without a file is left and a second try makes no other.
   *
   * @throws LockedError; CancelledError; FileTooLargeError; LocalFileError; as OpenVault.sealAttachment; UploadUnknownError
   * where the attachment may be there, or come to be; what VaultWrites.run throws.
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
      throw error instanceof UploadUnknownError ? error : (stop.reason ?? error);
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
        return changesOf(read, this.parts.store, itemId);
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
    let failed: { readonly error: unknown; readonly leavesNothing: boolean } | undefined;
    try {
      await this.parts.writes.run({
        send: async ({ change, read }) => {
          let announcedId: string | undefined;
          try {
            const announced = await change(({ attachments }) =>
              attachments.announce(itemId, { ...sealed, fileSize: file.size }),
            );
            const { id } = announced;
            announcedId = id;
            const renew = () => read(({ attachments }) => attachments.addressToSend(itemId, id, options.signal));
            await change(({ attachments }) =>
              attachments.send(itemId, announced, { fileName, file }, { ...options, renew }),
            );
          } catch (error) {
            const isRefused = announcedId === undefined && neverCarriedOut(error);
            const leavesNothing = isRefused || (await this.#isRemoved(account, itemId, { id: announcedId, fileName }));
            failed = { error, leavesNothing };
            throw error;
          }
          return changesOf(read, this.parts.store, itemId);
        },
        isMade: () => false,
        gone: (vault) => (vault.item(itemId) === undefined ? 'item' : undefined),
      });
    } catch (error) {
      if (failed === undefined || error instanceof GoneElsewhereError) throw error;
      throw failed.leavesNothing ? failed.error : new UploadUnknownError('it may be there', { cause: failed.error });
    }
  }

  /**
   * Deletes what was announced: by its name as it was encrypted, which no other has, where the answer with its id was lost.
   * Also after a lock: it needs no key.
   *
   * @returns whether it is certain that nothing of it is left. What is not there yet may still come: a server can take its
   * time with what it has received.
   */
  async #isRemoved(
    account: Account,
    itemId: string,
    { id, fileName }: { readonly id: string | undefined; readonly fileName: string },
  ): Promise<boolean> {
    const { tokens, log } = this.parts;
    try {
      return await tokens.use(account.id, async (api) => {
        const removedId = id ?? (await this.#idOf(api, account, itemId, fileName));
        if (removedId !== undefined) await api.attachments.delete(itemId, removedId);
        return removedId !== undefined;
      });
    } catch (error) {
      if (error instanceof NotFoundError) return true;
      log.warn(`What was sent in part was not deleted (${classNameOf(error)}).`);
      return false;
    }
  }

  async #idOf(api: ServerApi, account: Account, itemId: string, fileName: string): Promise<string | undefined> {
    const files = cipherOf(await fetchItem(api, apiHost(account.servers), itemId))?.attachments ?? [];
    return files.find((file) => file.fileName === fileName)?.id;
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
