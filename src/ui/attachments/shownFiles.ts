import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import type { Disposable, LocalFiles, NewFile } from '../../base/ports';
import { safeEnding } from '../../base/fileName';
import { LockedError } from '../../vault/errors';
import { isPresenting, onDidChangePresenting, refuseToShow } from '../presentation';

/** Another editor can come to the front in the moment in which one opens. */
const TRIES = 2;

/**
 * Files that are decrypted to be read in an editor, for as long as the vault is unlocked: the editors close, and the files
 * are deleted, at a lock, at a sign-out, in presentation mode and when the window ends. What windows have left that had no time for that is
 * deleted by the next one. Editors of VS Code show a file, and run none.
 */
export class ShownFiles implements vscode.Disposable {
  readonly #paths = new Set<string>();
  readonly #presenting: Disposable;

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
    this.#presenting = onDidChangePresenting((isOn) => {
      if (isOn) for (const path of [...this.#paths]) void this.#forget(path);
    });
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
      const file = await this.local.shown(`attachment${shownEnding(name)}`);
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
    if (isPresenting()) await this.#forget(path);
    const isInFront = this.#paths.has(path) && (await open(path));
    if (!this.#paths.has(path)) {
      await closeTabs(path);
      if (untilLock.aborted) throw new LockedError('locked meanwhile');
      if (isPresenting()) await refuseToShow('file');
      return;
    }
    // What is typed into it would be lost with it, and VS Code would keep a copy.
    if (isInFront) await vscode.commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
    else await this.#forget(path);
  }

  /** Deletes all of them, of all accounts. */
  async clear(): Promise<void> {
    this.#paths.clear();
    await this.local.deleteAll();
  }

  dispose(): void {
    this.#presenting.dispose();
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

/** A notebook would be an editor that runs code. Other files of VS Code have no ending in letters and digits alone. */
function shownEnding(name: string): string {
  const ending = safeEnding(name);
  return ending.toLowerCase() === '.ipynb' ? '.txt' : ending;
}

/** @returns whether it is the editor that commands act upon. */
async function open(path: string): Promise<boolean> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path), { preview: false });
    const active = vscode.window.tabGroups.activeTabGroup.activeTab;
    if (active !== undefined && shows(active, (each) => each === path)) return true;
  }
  return false;
}

async function closeTabs(path: string): Promise<void> {
  const tabs = tabsOf((each) => each === path);
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
}

function tabsOf(isOne: (path: string) => boolean): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter((tab) => shows(tab, isOne)));
}

/** Also beside another file, where two are compared. */
function shows({ input }: vscode.Tab, isOne: (path: string) => boolean): boolean {
  const { uri, original, modified } = (input ?? {}) as Partial<Record<string, vscode.Uri>>;
  return [uri, original, modified].some((each) => each?.scheme === 'file' && isOne(each.fsPath));
}
