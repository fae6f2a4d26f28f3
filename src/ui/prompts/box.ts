import * as vscode from 'vscode';
import type { Event } from '../../base/event';
import { toError } from '../../base/thrown';
import { commandTitle } from '../commands/commandId';
import { onDidChangePresenting } from '../presentation';
import { withoutIcons, withoutLinks } from '../untrustedText';

export type Answer<T> =
  { readonly kind: 'done'; readonly value: T } | { readonly kind: 'back' } | { readonly kind: 'cancelled' };

/**
 * The outcome of Enter: a value, which closes the box, or a sentence, which keeps it open. `logged`: the log says more.
 */
export type Accepted<T> = { readonly value: T } | { readonly again: string; readonly logged?: true };

/** "Step 2 of 4". From the second step on the box has a button that goes back. */
export interface StepPosition {
  readonly number: number;
  readonly of: number;
}

export interface BoxButton extends vscode.QuickInputButton {
  /** Runs when the button is pressed. The box stays open, and shows the message that it may return. */
  press(): Promise<vscode.InputBoxValidationMessage | undefined>;
}

export interface BoxOptions<T> {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string | undefined;
  readonly value?: string | undefined;
  /** Where the cursor stands in it; all of it is selected when absent. */
  readonly selection?: readonly [from: number, to: number] | undefined;
  /**
   * The text is shown as dots, and is removed from the box when it closes; a password is removed as soon as it is
   * accepted.
   */
  readonly masked?: 'password' | 'key' | undefined;
  readonly step?: StepPosition | undefined;
  readonly buttons?: readonly BoxButton[] | undefined;
  /** A button that ends the box with this value, in the place of what would be typed. */
  readonly instead?: (vscode.QuickInputButton & { readonly value: T }) | undefined;
  /**
   * What has to come first: until then nothing can be typed, and the box is busy. Returns the prompt from then on. An error
   * closes the box.
   */
  readonly first?: ((signal: AbortSignal) => Promise<string>) | undefined;
  /** Takes out what must not stay on the screen. Returns what stays in the box. */
  take?(text: string): string;
  /** The message below the box while the user types. */
  hint?(text: string): vscode.InputBoxValidationMessage | undefined;
  /** Runs at Enter while the box shows that it is busy; the signal fires when the user closes the box. */
  accept(text: string, signal: AbortSignal): Promise<Accepted<T>>;
  /** False: what Enter has begun is not cancelled when the user closes the box, and its outcome is still waited for. */
  readonly cancellable?: false | undefined;
  /**
   * What the box asks for is not needed any more. It closes; one that somebody is typing into stays and says so, since the
   * next keys would go into whatever lies below.
   */
  readonly settled?: { readonly on: Event<unknown>; readonly message: string } | undefined;
  /** Closes the box from outside. */
  readonly closeOn?: Event<unknown> | undefined;
}

/** Removes links and icons. Prompts and messages quote items and servers, which must not be able to show any. */
function plain(text: string): string {
  return withoutIcons(withoutLinks(text));
}

/** An input box that stays open until its text is accepted. Rejects when `accept` does. */
export function askInBox<T>(options: BoxOptions<T>): Promise<Answer<T>> {
  const box = newBox(options);
  const say = (message: vscode.InputBoxValidationMessage | undefined) => {
    box.validationMessage = message && { ...message, message: plain(message.message) };
  };
  say(options.hint?.(box.value));

  return new Promise((resolve, reject) => {
    const abort = new AbortController();
    const logsButton = openLogsButton();
    let running = false;
    let ended = false;
    let unwanted = false;
    let isSettled = false;
    const end = (settle: () => void) => {
      if (ended) return;
      ended = true;
      closing?.dispose();
      settling?.dispose();
      presenting.dispose();
      closeEmpty(box);
      box.dispose();
      settle();
    };
    const cancel = () => {
      if (ended || (running && options.cancellable === false)) return;
      abort.abort();
      end(() => resolve({ kind: 'cancelled' }));
    };
    const closing = options.closeOn?.(() => {
      unwanted = true;
      cancel();
    });
    const { settled } = options;
    const settling = settled?.on(() => {
      if (box.value === '') {
        cancel();
        return;
      }
      isSettled = true;
      say({ message: settled.message, severity: vscode.InputBoxValidationSeverity.Info });
    });
    // It shows what it was given before.
    const presenting = onDidChangePresenting((isOn) => {
      if (isOn) box.hide();
    });
    /** Shows the message, unless the box was closed while it was busy. */
    const sayAgain = (message: vscode.InputBoxValidationMessage | undefined) => {
      if (ended) return;
      if (unwanted) {
        end(() => resolve({ kind: 'cancelled' }));
        return;
      }
      box.show();
      if (message !== undefined) say(message);
    };
    const accept = async () => {
      const text = box.value;
      if (isSettled) {
        cancel();
        return;
      }
      if (options.masked === 'password') box.value = '';
      say(undefined);
      box.busy = true;
      const outcome = await options.accept(text, abort.signal);
      if ('value' in outcome) end(() => resolve({ kind: 'done', value: outcome.value }));
      else {
        if (outcome.logged && !box.buttons.includes(logsButton)) box.buttons = [...box.buttons, logsButton];
        sayAgain({ message: outcome.again, severity: vscode.InputBoxValidationSeverity.Error });
      }
    };
    /** Shows the box as busy until the work is done. An error of the work closes the box. */
    const run = (work: () => Promise<void>) => {
      if (running) return;
      running = true;
      work()
        .catch((error: unknown) => end(() => reject(toError(error))))
        .finally(() => {
          running = false;
          if (!ended) box.busy = false;
        });
    };

    box.onDidChangeValue((entered) => {
      const text = options.take?.(entered) ?? entered;
      if (text !== entered) box.value = text;
      if (!running && !isSettled && (text !== '' || options.masked === undefined)) say(options.hint?.(text));
    });
    box.onDidAccept(() => run(accept));
    box.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) {
        abort.abort();
        end(() => resolve({ kind: 'back' }));
        return;
      }
      if (options.instead !== undefined && button === options.instead) {
        const { value } = options.instead;
        abort.abort();
        end(() => resolve({ kind: 'done', value }));
        return;
      }
      const pressed = [...(options.buttons ?? []), logsButton].find((candidate) => candidate === button);
      if (pressed !== undefined) run(async () => sayAgain(await pressed.press()));
    });
    box.onDidHide(cancel);
    const { first } = options;
    if (first !== undefined) {
      box.busy = true;
      box.enabled = false;
      run(async () => {
        box.prompt = plain(await first(abort.signal));
        box.enabled = true;
      });
    }
    box.show();
  });
}

function openLogsButton(): BoxButton {
  return {
    iconPath: new vscode.ThemeIcon('output'),
    tooltip: commandTitle('vaultside.openLogs'),
    press: async () => {
      await vscode.commands.executeCommand('vaultside.openLogs');
      return undefined;
    },
  };
}

function newBox<T>(options: BoxOptions<T>): vscode.InputBox {
  const { step, instead } = options;
  const buttons = [...(options.buttons ?? []), ...(instead === undefined ? [] : [instead])];
  const box = vscode.window.createInputBox();
  box.title = options.title;
  box.prompt = plain(options.prompt);
  box.placeholder = options.placeholder;
  box.value = options.value ?? '';
  if (options.selection !== undefined) box.valueSelection = options.selection;
  box.password = options.masked !== undefined;
  box.ignoreFocusOut = true;
  box.buttons = step !== undefined && step.number > 1 ? [vscode.QuickInputButtons.Back, ...buttons] : buttons;
  if (step !== undefined) {
    box.step = step.number;
    box.totalSteps = step.of;
  }
  return box;
}

/**
 * Empties an input that held a secret, and closes it. VS Code has one widget for all inputs; what the last one held
 * stays in it, out of sight, until the next one opens.
 */
export function closeEmpty(input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>): void {
  input.value = '';
  if ('items' in input) input.items = [];
  input.hide();
}
