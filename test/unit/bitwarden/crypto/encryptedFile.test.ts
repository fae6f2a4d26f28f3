import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CoseSymmetricKey } from '../../../../src/bitwarden/crypto/cose/symmetricKey';
import { MOST_OF_TYPE_7, receiveFile, sealFile } from '../../../../src/bitwarden/crypto/encryptedFile';
import type { SymmetricKey } from '../../../../src/bitwarden/crypto/keys';
import {
  DecryptionError,
  FileTooLargeError,
  MacMismatchError,
  UnsupportedEncryptionError,
  WrongKeyError,
} from '../../../../src/bitwarden/errors';
import type { ScratchFile } from '../../../../src/base/ports';
import { OwnFiles } from '../../../../src/platform/ownFiles';
import { encryptFile } from '../../../server/encryptFile';
import { workOnFile } from '../../../support/fileWorker';
import { generateKey } from '../../../support/keys';

describe('encrypted files', () => {
  let folder: string;
  let scratch: ScratchFile;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vaultside-crypto-'));
    scratch = await new OwnFiles(folder).scratch();
  });
  afterEach(async () => {
    await scratch.delete();
    await rm(folder, { recursive: true });
  });

  // eslint-disable-next-line @typescript-eslint/require-await -- read as files are
  async function* inPieces(bytes: Uint8Array, length: number) {
    for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
  }

  async function opened(file: Uint8Array, key: SymmetricKey, length = 1000): Promise<Buffer> {
    const content: Buffer[] = [];
    const pieces: Uint8Array[] = [];
    for await (const piece of (await receiveFile(inPieces(file, length), scratch, key)).content()) {
      content.push(Buffer.from(piece));
      pieces.push(piece);
    }
    assert.ok(
      pieces.every((piece) => piece.every((byte) => byte === 0)),
      'each piece is wiped',
    );
    return Buffer.concat(content);
  }

  it('open in whatever pieces they come, and are made as official clients make them', async () => {
    const key = generateKey();
    for (const length of [0, 1, 16, 100, 944 * 64, 200_000]) {
      const content = randomBytes(length);
      for (const piece of [1, 7, 49, 50, 65_536]) {
        if (length / piece > 500) continue;
        assert.ok(content.equals(await opened(encryptFile(content, key), key, piece)), `${length} by ${piece}`);
      }
      const sealed = await new OwnFiles(folder).scratch();
      await sealFile(inPieces(content, 777), sealed, key);
      const bytes = Buffer.alloc(sealed.size);
      await sealed.read(bytes, 0);
      await sealed.delete();
      assert.equal(bytes.length, 49 + 16 * (Math.floor(length / 16) + 1));
      assert.ok(content.equals(await opened(bytes, key)));
    }
  });

  it('give out nothing where a single bit is another one, or the key', async () => {
    const key = generateKey();
    const file = encryptFile(randomBytes(100), key);
    for (let at = 1; at < file.length; at++) {
      const changed = Buffer.from(file);
      changed[at]! ^= 1;
      await assert.rejects(receiveFile(inPieces(changed, 1000), scratch, key), MacMismatchError, `byte ${at}`);
    }
    await assert.rejects(opened(file, generateKey()), MacMismatchError);
    await assert.rejects(opened(file, CoseSymmetricKey.generate('xAes256Gcm')), WrongKeyError);
    for (const type of [0, 1, 3, 255]) {
      const other = Buffer.concat([Buffer.of(type), file.subarray(1)]);
      await assert.rejects(opened(other, key), UnsupportedEncryptionError);
    }
  });

  it('of type 7 open up to a size, with their own key', async () => {
    const key = CoseSymmetricKey.generate('xAes256Gcm');
    const content = randomBytes(100_000);
    const file = encryptFile(content, key);
    assert.ok(content.equals(await opened(file, key)));
    await assert.rejects(opened(file, CoseSymmetricKey.generate('xAes256Gcm')), WrongKeyError);
    file[file.length - 1]! ^= 1;
    await assert.rejects(opened(file, key), MacMismatchError);
    const endless = async function* () {
      yield Buffer.of(7);
      for (;;) yield await Promise.resolve(Buffer.alloc(8 * 1024 * 1024));
    };
    await assert.rejects(receiveFile(endless(), scratch, key), FileTooLargeError);
    assert.ok(scratch.size < MOST_OF_TYPE_7 + 9 * 1024 * 1024);
  });

  it('with bad padding are no files, though their MAC fits', async () => {
    const key = generateKey();
    const { createCipheriv, createHmac } = await import('node:crypto');
    const iv = randomBytes(16);
    const cipher = createCipheriv('aes-256-cbc', key.encryptionKey, iv).setAutoPadding(false);
    const ciphertext = cipher.update(Buffer.alloc(32, 'x'));
    const mac = createHmac('sha256', key.macKey).update(iv).update(ciphertext).digest();
    await assert.rejects(opened(Buffer.concat([Buffer.of(2), iv, mac, ciphertext]), key), DecryptionError);
  });

  it('of 128 MiB are sealed and opened in a fraction of it', async function () {
    this.timeout(60_000);
    const outcome = await workOnFile(folder, 128);
    assert.equal(outcome.bytes, 128 * 1024 * 1024);
    assert.ok(outcome.after - outcome.before < 64, `${outcome.before} MiB grow to ${outcome.after}`);
  });
});
