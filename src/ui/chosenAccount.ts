import type * as vscode from 'vscode';
import type { AccountChoice } from '../account/sessions';

const KEY = 'account';
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Memento = Pick<vscode.Memento, 'get' | 'update'>;

/**
 * Which account a workspace uses; one that has chosen none yet begins with the last that was chosen anywhere. VS Code stores
 * both outside of the folder, so nobody who shares it chooses for others. It is the random id, which tells nothing.
 */
export class ChosenAccount implements AccountChoice {
  constructor(
    private readonly workspace: Memento,
    private readonly anywhere: Memento,
  ) {}

  get id(): string | undefined {
    return parseId(this.workspace.get<unknown>(KEY)) ?? parseId(this.anywhere.get<unknown>(KEY));
  }

  async remember(id: string): Promise<void> {
    await Promise.all([this.workspace.update(KEY, id), this.anywhere.update(KEY, id)]);
  }
}

function parseId(stored: unknown): string | undefined {
  return typeof stored === 'string' && ID.test(stored) ? stored : undefined;
}
