import * as vscode from 'vscode';
import type { Event } from '../../base/event';
import { onDidChangePresenting } from '../presentation';
import type { Answer, StepPosition } from './box';

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

export interface ChoiceOptions<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly choices: readonly Choice<T>[];
  /** The value of the row that Enter takes; the first row when absent. */
  readonly preferred?: T | undefined;
  readonly step?: StepPosition | undefined;
  readonly closeOn?: Event<unknown> | undefined;
}

export function askToChoose<T>({
  title,
  placeholder,
  choices,
  preferred,
  step,
  closeOn,
}: ChoiceOptions<T>): Promise<Answer<T>> {
  const pick = vscode.window.createQuickPick<Choice<T>>();
  pick.title = title;
  pick.placeholder = placeholder;
  pick.items = choices;
  const active = choices.find(({ value }) => value === preferred);
  if (active !== undefined) pick.activeItems = [active];
  pick.ignoreFocusOut = step !== undefined;
  if (step !== undefined) {
    pick.step = step.number;
    pick.totalSteps = step.of;
    pick.buttons = step.number > 1 ? [vscode.QuickInputButtons.Back] : [];
  }
  return new Promise((resolve) => {
    const closing = closeOn?.(() => pick.hide());
    // It shows what it was given before.
    const presenting = onDidChangePresenting((isOn) => {
      if (isOn) pick.hide();
    });
    const end = (answer: Answer<T>) => {
      resolve(answer);
      closing?.dispose();
      presenting.dispose();
      pick.dispose();
    };
    pick.onDidAccept(() => {
      const chosen = pick.selectedItems[0];
      if (chosen !== undefined) end({ kind: 'done', value: chosen.value });
    });
    pick.onDidTriggerButton(() => end({ kind: 'back' }));
    pick.onDidHide(() => end({ kind: 'cancelled' }));
    pick.show();
  });
}

export interface SomeOptions<T> extends Pick<ChoiceOptions<T>, 'title' | 'placeholder' | 'choices' | 'closeOn'> {
  /** The values of the rows that are checked at first. */
  readonly checked: readonly T[];
}

/** Asks for one or more. Enter does nothing while none is checked. @returns undefined where the user gave up. */
export function askToChooseSome<T>(options: SomeOptions<T>): Promise<readonly T[] | undefined> {
  const pick = vscode.window.createQuickPick<Choice<T>>();
  pick.canSelectMany = true;
  pick.title = options.title;
  pick.placeholder = options.placeholder;
  pick.items = options.choices;
  pick.selectedItems = options.choices.filter(({ value }) => options.checked.includes(value));
  return new Promise((resolve) => {
    const closing = options.closeOn?.(() => pick.hide());
    // It shows what it was given before.
    const presenting = onDidChangePresenting((isOn) => {
      if (isOn) pick.hide();
    });
    const end = (values: readonly T[] | undefined) => {
      resolve(values);
      closing?.dispose();
      presenting.dispose();
      pick.dispose();
    };
    pick.onDidAccept(() => {
      if (pick.selectedItems.length > 0) end(pick.selectedItems.map(({ value }) => value));
    });
    pick.onDidHide(() => end(undefined));
    pick.show();
  });
}
