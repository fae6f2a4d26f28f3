import * as vscode from 'vscode';
import type { VaultNode } from './nodes';

/** Of our own, so that nothing but our tree takes it. */
const TYPE = 'application/vnd.vaultside.items';

/** Items that were dropped on a folder. A class, so that no other extension can claim that something was dropped. */
export class DroppedItems {
  constructor(
    readonly accountId: string,
    readonly itemIds: readonly string[],
    /** Of all folders that the row stands for, which have the same name. Empty: out of any folder. */
    readonly folderIds: readonly string[],
  ) {}
}

/** Lets items be dragged onto folders, within the tree alone. What is dragged are ids. */
export class ItemDragging implements vscode.TreeDragAndDropController<VaultNode> {
  readonly dragMimeTypes = [TYPE];
  readonly dropMimeTypes = [TYPE];

  /** @param accountId of the account whose items the tree shows. */
  constructor(private readonly accountId: () => string | undefined) {}

  handleDrag(source: readonly VaultNode[], data: Pick<vscode.DataTransfer, 'set'>): void {
    const accountId = this.accountId();
    const itemIds = source.flatMap((node) => (node.kind === 'item' ? [node.item.id] : []));
    if (accountId === undefined || itemIds.length === 0) return;
    data.set(TYPE, new vscode.DataTransferItem(JSON.stringify({ accountId, itemIds })));
  }

  async handleDrop(target: VaultNode | undefined, data: Pick<vscode.DataTransfer, 'get'>): Promise<void> {
    const folderIds = foldersOf(target);
    const dragged = parse(await data.get(TYPE)?.asString());
    // Another account may be in use by now, whose vault may have items of the same ids.
    if (folderIds === undefined || dragged === undefined || dragged.accountId !== this.accountId()) return;
    const dropped = new DroppedItems(dragged.accountId, dragged.itemIds, folderIds);
    await vscode.commands.executeCommand('vaultside.moveToFolder', dropped);
  }
}

/** Undefined for a row that is no folder of the user, such as one that only the names of others begin with. */
function foldersOf(target: VaultNode | undefined): readonly string[] | undefined {
  if (target?.kind !== 'group') return undefined;
  if (target.group.kind === 'noFolder') return [];
  return target.group.kind === 'folder' && target.group.ids.length > 0 ? target.group.ids : undefined;
}

function parse(text: string | undefined): { accountId: string; itemIds: string[] } | undefined {
  try {
    const { accountId, itemIds } = JSON.parse(text ?? '') as { accountId: unknown; itemIds: unknown };
    if (typeof accountId !== 'string' || !Array.isArray(itemIds)) return undefined;
    return { accountId, itemIds: itemIds.filter((id) => typeof id === 'string') };
  } catch {
    return undefined;
  }
}
