import * as vscode from 'vscode';
import type { SourceFile } from '../../base/ports';
import { DroppedFiles } from '../attachments/fileArgument';
import { pathsHere } from '../attachments/pathsHere';
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

/** What VS Code calls files that come from its own views, and those from other programs. */
const [PATHS, FILES] = ['text/uri-list', 'files'];

/**
 * Lets items be dragged onto folders, within the tree alone, and files from anywhere onto items. What is dragged of ours are
 * ids.
 */
export class ItemDragging implements vscode.TreeDragAndDropController<VaultNode> {
  readonly dragMimeTypes = [TYPE];
  readonly dropMimeTypes = [TYPE, PATHS, FILES];

  /** @param accountId of the account whose items the tree shows. */
  constructor(private readonly accountId: () => string | undefined) {}

  handleDrag(source: readonly VaultNode[], data: Pick<vscode.DataTransfer, 'set'>): void {
    const accountId = this.accountId();
    const itemIds = source.flatMap((node) => (node.kind === 'item' ? [node.item.id] : []));
    if (accountId === undefined || itemIds.length === 0) return;
    data.set(TYPE, new vscode.DataTransferItem(JSON.stringify({ accountId, itemIds })));
  }

  async handleDrop(target: VaultNode | undefined, data: Pick<vscode.DataTransfer, 'get' | 'forEach'>): Promise<void> {
    const accountId = this.accountId();
    if (data.get(TYPE) === undefined) {
      if (accountId === undefined || (target?.kind !== 'item' && target?.kind !== 'field')) return;
      const files = await droppedFiles(data);
      if (files.length === 0) return;
      await vscode.commands.executeCommand(
        'vaultside.addAttachment',
        new DroppedFiles(accountId, target.item.id, files),
      );
      return;
    }
    const folderIds = foldersOf(target);
    const dragged = parse(await data.get(TYPE)?.asString());
    // Another account may be in use by now, whose vault may have items of the same ids.
    if (folderIds === undefined || dragged === undefined || dragged.accountId !== this.accountId()) return;
    const dropped = new DroppedItems(dragged.accountId, dragged.itemIds, folderIds);
    await vscode.commands.executeCommand('vaultside.moveToFolder', dropped);
  }
}

/** By their paths, where they have some, so that they need not be held. */
async function droppedFiles(
  data: Pick<vscode.DataTransfer, 'get' | 'forEach'>,
): Promise<readonly (string | SourceFile)[]> {
  const list = (await data.get(PATHS)?.asString()) ?? '';
  const uris = list.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  if (uris.length > 0)
    return pathsHere(
      uris.map((uri) => vscode.Uri.parse(uri)),
      true,
    );
  const files: vscode.DataTransferFile[] = [];
  data.forEach((item) => {
    const file = item.asFile();
    if (file !== undefined) files.push(file);
  });
  return Promise.all(files.map(async (file) => (file.uri?.scheme === 'file' ? file.uri.fsPath : heldFile(file))));
}

/** In a browser a file has no path. */
async function heldFile(file: vscode.DataTransferFile): Promise<SourceFile> {
  const bytes = await file.data();
  // eslint-disable-next-line @typescript-eslint/require-await -- as files are read
  const pieces = async function* () {
    yield bytes;
  };
  return { name: file.name, size: bytes.length, pieces };
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
