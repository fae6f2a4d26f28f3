import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import type { LocalFiles, NewFile } from '../../base/ports';
import { safeEnding } from '../../base/fileName';
import { LockedError } from '../../vault/errors';

/**
 * Files that are decrypted to be read in an editor, for as long as the vault is unlocked: the editors close, and the files
 * are deleted, at a lock, at a sign-out and when the window ends. What windows have left that had no time for that is
 * deleted by the next one. Editors of VS Code show a file, and run none.
 */
export class ShownFiles implements vscode.Disposable {
  readonly #paths = new Set<string>();

  constructor(
    private readonly local: LocalFiles,
    /** The folder that they are in. */
    folder: string,
    private readonly failed: (error: unknown) => void,
  ) {
    // VS Code opens the editors of the last time again.
    const left = tabsOf((path) => path.startsWith(folder) && !this.#paths.has(path));
    if (left.length > 0) void vscode.window.tabGroups.close(left);
    local.deleteLeft().catch(failed);
  }

  /**
   * Shows a file. On the disk it bears no name of the vault, since VS Code keeps the names of what was open.
   *
   * @param name whose ending says how to show it.
   * @param write decrypts it.
   */
  async show(session: Session, name: string, write: (begin: () => Promise<NewFile>) => Promise<void>): Promise<void> {
    const { untilLock } = session;
    let path = '';
    await write(async () => {
      const file = await this.local.shown(`attachment${safeEnding(name)}`);
      path = file.path;
      // From here on it is deleted at a lock, whoever waits for what is written.
      const commit = async () => {
        this.#paths.add(file.path);
        await file.commit();
        const forget = () => void this.#forget(file.path);
        if (untilLock.aborted) forget();
        else untilLock.addEventListener('abort', forget, { once: true });
      };
      return { ...file, commit };
    });
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path), { preview: false });
    if (untilLock.aborted) {
      await closeTabs(path);
      throw new LockedError('locked meanwhile');
    }
    // What is typed into it would be lost with it, and VS Code would keep a copy.
    await vscode.commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
  }

  /** Deletes all of them, of all accounts. */
  async clear(): Promise<void> {
    this.#paths.clear();
    await this.local.deleteAll();
  }

  dispose(): void {
    this.clear().catch(this.failed);
  }

  async #forget(path: string): Promise<void> {
    try {
      this.#paths.delete(path);
      await Promise.all([this.local.deleteShown(path), closeTabs(path)]);
    } catch (error) {
      this.failed(error);
    }
  }
}

async function closeTabs(path: string): Promise<void> {
  const tabs = tabsOf((each) => each === path);
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
}

function tabsOf(isOne: (path: string) => boolean): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) =>
    tabs.filter(({ input }) => {
      const uri = (input as { readonly uri?: vscode.Uri } | undefined)?.uri;
      return uri?.scheme === 'file' && isOne(uri.fsPath);
    }),
  );
}
