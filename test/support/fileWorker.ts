/** A process of its own that seals a file and opens it again: what its memory grows to shows from outside. Arguments: a folder, MiB. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { OwnFiles } from '../../src/platform/ownFiles';
import { receiveFile, sealFile } from '../../src/bitwarden/crypto/encryptedFile';
import { generateKey } from './keys';
import { peakMiB } from './peakMemory';

/** In MiB what the process has held at the most, before and after. */
export interface FileWork {
  readonly before: number;
  readonly after: number;
  readonly bytes: number;
}

/** Forks this file. @param folder for scratch files. */
export async function workOnFile(folder: string, mebibytes: number): Promise<FileWork> {
  const worker = fork(__filename, [folder, String(mebibytes)]);
  const [[outcome]] = (await Promise.all([once(worker, 'message'), once(worker, 'exit')])) as [[FileWork], unknown];
  return outcome;
}

const PIECE = Buffer.alloc(64 * 1024, 'content ');

// eslint-disable-next-line @typescript-eslint/require-await -- read as files are
async function* contentOf(mebibytes: number) {
  for (let pieces = 0; pieces < mebibytes * 16; pieces++) yield PIECE;
}

async function work(folder: string, mebibytes: number): Promise<FileWork> {
  const files = new OwnFiles(folder);
  const key = generateKey();
  const before = peakMiB();
  const [sealed, received] = [await files.scratch(), await files.scratch()];
  await sealFile(contentOf(mebibytes), sealed, key);
  const body = async function* () {
    for (let at = 0; at < sealed.size; at += PIECE.length) {
      const piece = Buffer.alloc(Math.min(PIECE.length, sealed.size - at));
      await sealed.read(piece, at);
      yield piece;
    }
  };
  let bytes = 0;
  for await (const piece of (await receiveFile(body(), received, key)).content()) bytes += piece.length;
  const after = peakMiB();
  for (const scratch of [sealed, received]) await scratch.delete();
  await files.deleteAll();
  return { before, after, bytes };
}

if (require.main === module) {
  const [folder = '', mebibytes = ''] = process.argv.slice(2);
  void work(folder, Number(mebibytes)).then((outcome) => process.send?.(outcome));
}
