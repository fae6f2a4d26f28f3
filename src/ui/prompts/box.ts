import * as vscode from 'vscode';
import type { Event } from '../../vault/event';
import { asError } from '../../vault/asError';
import { withoutIcons, withoutLinks } from '../text';

export type Answer<T> =
  { readonly kind: 'done'; readonly value: T } | { readonly kind: 'back' } | { readonly kind: 'cancelled' };

/** What Enter led to: a value that closes the box, or a sentence that keeps it open. */
export type Accepted<T> = { readonly value: T } | { readonly again: string };

/** "Step 2 of 4"; from the second on there is a way back. */
export interface StepPosition {
  readonly number: number;
  readonly of: number;
}

export interface BoxButton extends vscode.QuickInputButton {
  /** The box stays open and shows the message. */
  press(): Promise<vscode.InputBoxValidationMessage | undefined>;
}

export interface BoxOptions<T> {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string | undefined;
  readonly value?: string | undefined;
  /** Typed text shows as dots, and is taken out of the box as soon as it is accepted. */
  readonly masked?: 'password' | 'key' | undefined;
  readonly step?: StepPosition | undefined;
  readonly buttons?: readonly BoxButton[] | undefined;
  /** What to say about the text so far. */
  hint?(text: string): vscode.InputBoxValidationMessage | undefined;
  /** Runs at Enter while the box shows that it is busy; the signal fires when the user closes the box. */
  accept(text: string, signal: AbortSignal): Promise<Accepted<T>>;
  /** False: once accepted, the work goes on though the box be closed, and its outcome is waited for. */
  readonly cancellable?: false | undefined;
  /** Closes the box from outside. */
  readonly closeOn?: Event<unknown> | undefined;
}

/** Prompts and messages quote items and servers; nothing of them may become a link or an icon. */
function plain(text: string): string {
  return withoutIcons(withoutLinks(text));
}

/** An input box that stays open until its text is accepted. Rejects when `accept` does. */
export function askInBox<T>(options: BoxOptions<T>): Promise<Answer<T>> {
  const box = vscode.window.createInputBox();
  box.title = options.title;
  box.prompt = plain(options.prompt);
  box.placeholder = options.placeholder;
  box.value = options.value ?? '';
  box.password = options.masked !== undefined;
  box.ignoreFocusOut = true;
  if (options.step !== undefined) {
    box.step = options.step.number;
    box.totalSteps = options.step.of;
  }
  box.buttons = [
    ...(options.step !== undefined && options.step.number > 1 ? [vscode.QuickInputButtons.Back] : []),
    ...(options.buttons ?? []),
  ];

  const abort = new AbortController();
  const hint = (text: string) => {
    const message = options.hint?.(text);
    box.validationMessage = message && { ...message, message: plain(message.message) };
  };
  hint(box.value);

  return new Promise((resolve, reject) => {
    let running = false;
    let ended = false;
    const end = (settle: () => void) => {
      if (ended) return;
      ended = true;
      closing?.dispose();
      box.dispose();
      settle();
    };
    const cancel = () => {
      if (running && options.cancellable === false) return;
      abort.abort();
      end(() => resolve({ kind: 'cancelled' }));
    };
    const closing = options.closeOn?.(cancel);
    const say = (message: vscode.InputBoxValidationMessage | undefined) => {
      if (ended) return;
      box.show();
      if (message !== undefined) box.validationMessage = { ...message, message: plain(message.message) };
    };
    const accept = async () => {
      const text = box.value;
      if (options.masked === 'password') box.value = '';
      box.validationMessage = undefined;
      box.busy = true;
      const outcome = await options.accept(text, abort.signal);
      if ('value' in outcome) end(() => resolve({ kind: 'done', value: outcome.value }));
      else say({ message: outcome.again, severity: vscode.InputBoxValidationSeverity.Error });
    };
    /** One thing at a time; what it throws closes the box. */
    const run = (work: () => Promise<void>) => {
      if (running) return;
      running = true;
      work()
        .catch((error: unknown) => end(() => reject(asError(error))))
        .finally(() => {
          running = false;
          if (!ended) box.busy = false;
        });
    };

    box.onDidChangeValue((text) => {
      if (!running && (text !== '' || options.masked === undefined)) hint(text);
    });
    box.onDidAccept(() => run(accept));
    box.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) {
        abort.abort();
        end(() => resolve({ kind: 'back' }));
        return;
      }
      const pressed = options.buttons?.find((candidate) => candidate === button);
      if (pressed !== undefined) run(async () => say(await pressed.press()));
    });
    box.onDidHide(cancel);
    box.show();
  });
}
