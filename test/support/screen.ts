import * as vscode from 'vscode';

/** A box or a list that is open, with the events of a user. */
interface OpenInput {
  readonly shown: Record<string, unknown>;
  enter(text: string): void;
  /** Makes the row of that label the active one. */
  moveTo(label: string): void;
  hide(): void;
}

/**
 * Takes the place of the windows of VS Code where there is none: keeps what was ever put into boxes, lists, dialogs and
 * notifications, until what it returns is put away. Nobody presses a button, unless `presses` names it.
 */
export class Screen {
  readonly inputs: OpenInput[] = [];
  readonly messages: string[] = [];
  readonly commands: string[] = [];
  /** The title of a button that is pressed wherever it is offered. */
  presses: string | undefined;
  /** Hears what is said of how far something is. */
  onProgress: (message: string) => void = () => undefined;
  /** Presses the button of the latest progress. */
  cancel: () => void = () => undefined;
  readonly #before = [vscode.window, vscode.commands].map((part) => [part, { ...part }] as const);

  constructor() {
    const message = (text: string, ...rest: unknown[]) => {
      this.messages.push(JSON.stringify([text, ...rest]));
      return Promise.resolve(rest.find((each) => each === this.presses));
    };
    Object.assign(vscode.window, {
      createInputBox: () => this.#input(),
      createQuickPick: () => this.#input(),
      showInformationMessage: message,
      showWarningMessage: message,
      withProgress: (_: unknown, work: (progress: unknown, token: unknown) => unknown) => {
        const report = ({ message }: { message?: string }) => this.onProgress(message ?? '');
        const onCancellationRequested = (cancel: () => void) => (this.cancel = cancel);
        return work({ report }, { onCancellationRequested });
      },
    });
    Object.assign(vscode.commands, { executeCommand: (id: string) => Promise.resolve(this.commands.push(id)) });
  }

  /** Everything that was shown. Of what is typed into a box with dots nothing is seen. */
  get text(): string {
    const seen = this.inputs.map(({ shown }) => (shown.password === true ? { ...shown, value: '' } : shown));
    return JSON.stringify([seen, this.messages]);
  }

  putAway(): void {
    for (const input of this.inputs) input.hide();
    for (const [part, before] of this.#before) {
      for (const name of Object.keys(part)) Reflect.deleteProperty(part, name);
      Object.assign(part, before);
    }
  }

  #input(): vscode.QuickPick<vscode.QuickPickItem> {
    const listeners = new Map<string, ((event?: unknown) => void)[]>();
    const shown: Record<string, unknown> = { activeItems: [] };
    const fire = (name: string, event?: unknown) => {
      for (const listener of listeners.get(name) ?? []) listener(event);
    };
    let isOpen = true;
    const hide = () => {
      if (!isOpen) return;
      isOpen = false;
      fire('onDidHide');
    };
    const enter = (text: string) => {
      shown.value = text;
      fire('onDidAccept');
    };
    const moveTo = (label: string) => {
      const rows = shown.items as readonly vscode.QuickPickItem[];
      shown.selectedItems = shown.activeItems = rows.filter((row) => row.label === label);
      fire('onDidChangeActive', shown.activeItems);
    };
    this.inputs.push({ shown, enter, moveTo, hide });
    return new Proxy(shown, {
      get(target, name: string) {
        if (name.startsWith('onDid')) {
          return (listener: (event?: unknown) => void) => {
            listeners.set(name, [...(listeners.get(name) ?? []), listener]);
            return { dispose: () => undefined };
          };
        }
        if (name === 'hide') return hide;
        return name === 'show' || name === 'dispose' ? () => undefined : target[name];
      },
    }) as unknown as vscode.QuickPick<vscode.QuickPickItem>;
  }
}
