import type * as vscode from 'vscode';

const KEY = 'tree.expanded';
/** What has been opened or closed longest ago is forgotten first. */
const MOST = 500;
/** As OpenVault.digest gives it. */
const ID = /^[A-Za-z0-9+/]{43}=$/;

/**
 * Which rows of the tree the user has opened and closed, by their ids. VS Code keeps that for rows that stay; those that
 * come back after a lock, a filter or a reload get it from here.
 */
export class Expansion {
  readonly #chosen: Map<string, boolean>;

  constructor(private readonly memento: Pick<vscode.Memento, 'get' | 'update'>) {
    this.#chosen = new Map(parseChoices(memento.get<unknown>(KEY)));
  }

  isExpanded(id: string, byDefault: boolean): boolean {
    return this.#chosen.get(id) ?? byDefault;
  }

  async choose(id: string, expanded: boolean): Promise<void> {
    this.#chosen.delete(id);
    this.#chosen.set(id, expanded);
    const [oldest] = this.#chosen.keys();
    if (this.#chosen.size > MOST && oldest !== undefined) this.#chosen.delete(oldest);
    await this.memento.update(KEY, [...this.#chosen]);
  }

  async forget(): Promise<void> {
    if (this.#chosen.size === 0) return;
    this.#chosen.clear();
    await this.memento.update(KEY, undefined);
  }
}

function parseChoices(stored: unknown): [string, boolean][] {
  if (!Array.isArray(stored)) return [];
  return stored.slice(-MOST).filter((pair: unknown): pair is [string, boolean] => {
    if (!Array.isArray(pair) || pair.length !== 2) return false;
    const [id, expanded] = pair as unknown[];
    return typeof id === 'string' && ID.test(id) && typeof expanded === 'boolean';
  });
}
