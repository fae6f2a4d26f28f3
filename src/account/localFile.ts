import type { ScratchFile, ScratchFiles, SourceFile } from '../base/ports';
import { classNameOf } from '../base/thrown';
import { LocalFileError } from '../vault/errors';

/** What work on a local file gives. @throws LocalFileError */
export async function local<T>(doing: LocalFileError['doing'], work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : classNameOf(error);
    throw new LocalFileError(doing, code, { cause: error });
  }
}

/** A scratch file that throws LocalFileError, where the disk is full, for one. */
export async function localScratch(files: ScratchFiles): Promise<ScratchFile> {
  const file = await local('write', files.scratch());
  return {
    get size() {
      return file.size;
    },
    write: (content, at) => local('write', file.write(content, at)),
    read: (bytes, at) => local('read', file.read(bytes, at)),
    delete: () => local('write', file.delete()),
  };
}

/** The pieces of a file of the user. @throws LocalFileError */
export async function* localPieces(source: SourceFile): AsyncGenerator<Uint8Array, void> {
  const pieces = source.pieces()[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await local('read', pieces.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await pieces.return?.();
  }
}
