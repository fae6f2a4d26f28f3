import type * as vscode from 'vscode';
import { isRowId } from './expansion';

const KEY = 'tree.selected';

/**
 * Which row of the tree the user has selected last, of each account: its id, by the random id of the account. Expansion
 * says what ids of rows are.
 */
export class LastSelected {
  readonly #rows: Map<string, string>;

  constructor(private readonly memento: Pick<vscode.Memento, 'get' | 'update'>) {
    this.#rows = new Map(parseRows(memento.get<unknown>(KEY)));
  }

  of(accountId: string): string | undefined {
    return this.#rows.get(accountId);
  }

  async choose(accountId: string, id: string): Promise<void> {
    if (this.#rows.get(accountId) === id) return;
    this.#rows.set(accountId, id);
    await this.#save();
  }

  /** Forgets those of all other accounts. */
  async keepOnly(accountIds: readonly (string | undefined)[]): Promise<void> {
    const gone = [...this.#rows.keys()].filter((each) => !accountIds.includes(each));
    if (gone.length === 0) return;
    for (const accountId of gone) this.#rows.delete(accountId);
    await this.#save();
  }

  async #save(): Promise<void> {
    await this.memento.update(KEY, this.#rows.size === 0 ? undefined : [...this.#rows]);
  }
}

function parseRows(stored: unknown): [string, string][] {
  if (!Array.isArray(stored)) return [];
  return stored.filter((pair: unknown): pair is [string, string] => {
    if (!Array.isArray(pair) || pair.length !== 2) return false;
    const [accountId, id] = pair as unknown[];
    return typeof accountId === 'string' && isRowId(id);
  });
}
