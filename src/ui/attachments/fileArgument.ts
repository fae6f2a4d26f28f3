import type { SourceFile } from '../../base/ports';

/** A file of an item that something is to be done with. A class, so that no other extension can name one. */
export class ChosenFile {
  constructor(
    readonly accountId: string | undefined,
    readonly itemId: string,
    readonly attachmentId: string,
  ) {}
}

/** Files that were dropped on an item. A class, so that no other extension can claim that something was dropped. */
export class DroppedFiles {
  constructor(
    readonly accountId: string,
    readonly itemId: string,
    /** Paths on this machine, and files that come without one. */
    readonly files: readonly (string | SourceFile)[],
  ) {}
}
