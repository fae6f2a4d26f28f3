import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openVSCode, type OpenOptions, type VSCode } from '../host/openVSCode';

export type WindowOptions = Omit<OpenOptions, 'workspace'> & {
  /** Files of the folder that is open, by their path in it. */
  files?: Record<string, string> | undefined;
};

/** A VS Code and the folder that is open in it. */
export type EditorWindow = {
  readonly vscode: VSCode;
  readonly workspace: string;
  /** Equal for options that one window can serve, one after another. */
  readonly kind: string;
  settings: Record<string, unknown>;
};

export async function openWindow(options: WindowOptions): Promise<EditorWindow> {
  const { files, settings = {}, ...rest } = options;
  const workspace = newFolder({ 'hello.txt': 'Hello.\n', ...files });
  try {
    const vscode = await openVSCode({ ...rest, settings, workspace });
    vscode.context.setDefaultTimeout(60_000);
    return { vscode, workspace, kind: kindOf(options), settings };
  } catch (error) {
    rmSync(workspace, { recursive: true });
    throw error;
  }
}

export async function closeWindow({ vscode, workspace }: EditorWindow): Promise<void> {
  try {
    await vscode.close();
  } finally {
    rmSync(workspace, { recursive: true });
  }
}

/** A window that is free: nobody uses it, and nobody is signed in there. */
let idle: EditorWindow | undefined;

/** The window that an earlier suite has left, if it is of the right kind. Otherwise one is opened. */
export async function takeWindow(options: WindowOptions): Promise<EditorWindow> {
  if (idle?.kind !== kindOf(options)) {
    await closeIdleWindow();
    return openWindow(options);
  }
  const window = idle;
  idle = undefined;
  try {
    await adapt(window, options);
    return window;
  } catch (error) {
    // Nobody else knows of it, and while it is open the run does not end.
    await closeWindow(window);
    throw error;
  }
}

/** Leaves a window to the next suite. It has to be as after its start. */
export async function leaveWindow(window: EditorWindow): Promise<void> {
  await closeIdleWindow();
  idle = window;
}

export async function closeIdleWindow(): Promise<void> {
  const window = idle;
  idle = undefined;
  if (window !== undefined) await closeWindow(window);
}

/** Size and settings can be changed in an open window; everything else needs a start of its own. */
function kindOf(options: WindowOptions): string {
  const fixed: Partial<WindowOptions> = { ...options };
  delete fixed.settings;
  delete fixed.viewport;
  return JSON.stringify(Object.entries(fixed).sort());
}

async function adapt(window: EditorWindow, { viewport, settings = {} }: WindowOptions): Promise<void> {
  const { vscode } = window;
  await vscode.resize(viewport);
  if (JSON.stringify(window.settings) !== JSON.stringify(settings)) await vscode.setSettings(settings);
  window.settings = settings;
}

function newFolder(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'vaultside-folder-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
