import * as vscode from 'vscode';
import { attempt } from '../../base/thrown';
import { type FolderFiles, gitConfig } from './gitConfig';
import { hostsOf, remoteHosts } from './gitRemotes';

/** Of the API of VS Code's own git extension: what is used here. Other extensions can take its name. */
interface GitExtension {
  getAPI(version: 1): {
    readonly repositories: readonly {
      readonly state: { readonly remotes: readonly { readonly fetchUrl?: string; readonly pushUrl?: string }[] };
    }[];
  };
}

/** In bytes. */
const LONGEST_FILE = 256 * 1024;

const MOST_FOLDERS = 16;

/**
 * The hosts of the git remotes of the open folders, none in Restricted Mode. Never rejects: where nothing can be read,
 * there is none.
 */
export async function workspaceHosts(): Promise<readonly string[]> {
  if (!vscode.workspace.isTrusted) return [];
  const open = hostsOf(openRemotes());
  if (open.length > 0) return open;
  const folders = vscode.workspace.workspaceFolders ?? [];
  const configs = folders.slice(0, MOST_FOLDERS).map(({ uri }) => gitConfig(uri.path, filesAt(uri)).catch(() => ''));
  return [...new Set((await Promise.all(configs)).flatMap((config) => remoteHosts(config ?? '')))];
}

/**
 * The addresses that VS Code's git extension knows. It is not started for that, cannot be reached where the folders are on
 * another machine, and knows of nothing before it has read the folders.
 */
function openRemotes(): readonly string[] {
  const git = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (git?.isActive !== true) return [];
  const addresses = attempt(() =>
    git.exports
      .getAPI(1)
      .repositories.flatMap(({ state }) => state.remotes.flatMap(({ fetchUrl, pushUrl }) => [fetchUrl, pushUrl])),
  );
  return (addresses ?? []).filter((each) => typeof each === 'string');
}

function filesAt(folder: vscode.Uri): FolderFiles {
  const stat = async (path: string) => {
    try {
      return await vscode.workspace.fs.stat(folder.with({ path }));
    } catch {
      return undefined;
    }
  };
  const isA = ({ type }: vscode.FileStat, wanted: vscode.FileType) => (type & wanted) !== 0;
  return {
    kind: async (path) => {
      const found = await stat(path);
      if (found === undefined) return undefined;
      return isA(found, vscode.FileType.Directory) ? 'folder' : isA(found, vscode.FileType.File) ? 'file' : undefined;
    },
    text: async (path) => {
      const found = await stat(path);
      if (found === undefined || !isA(found, vscode.FileType.File) || found.size > LONGEST_FILE) return undefined;
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(folder.with({ path })));
    },
  };
}
