/**
 * Ids of rows, the same for the same path as long as the window lives. VS Code may keep them, and paths hold names of
 * folders, so they go through a keyed digest.
 */
export class RowIds {
  #key: Uint8Array | undefined;

  async of(path: string): Promise<string> {
    // Loaded with the first row, so that starting up costs nothing of it.
    const { createHmac, randomBytes } = await import('node:crypto');
    this.#key ??= randomBytes(32);
    return createHmac('sha256', this.#key).update(path).digest('base64');
  }
}
