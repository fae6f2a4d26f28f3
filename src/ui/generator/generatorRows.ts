import * as vscode from 'vscode';
import type { GeneratorKind } from '../../generate/kinds';
import type { Strength } from '../../generate/strengthWorker';
import { commandTitle } from '../commands/commandId';
import { MASK } from '../labels';
import { isPresenting } from '../presentation';
import { rowsOf } from '../prompts/valueRows';
import { withoutIcons } from '../untrustedText';
import { type GeneratorKey, keyFor } from './generatorKeys';
import type { Setting } from './settingsOf';

/** What a button of the generator does. */
export interface GeneratorButton extends vscode.QuickInputButton {
  readonly does: GeneratorKey['does'] | 'history';
}

export interface GeneratorRow extends vscode.QuickPickItem {
  /** Stays the same when the rows are made anew. */
  readonly id?: string;
  /** What Enter does. */
  readonly leadsTo?: 'copy' | { readonly set: Setting } | { readonly kind: GeneratorKind };
  /** What the buttons of the row change. */
  readonly sets?: Setting;
  readonly buttons?: readonly GeneratorButton[];
}

/** What the rows show. */
export interface Shown {
  readonly kind: GeneratorKind;
  /** Undefined where none could be made. */
  readonly value: string | undefined;
  /** Undefined while it is not known. */
  readonly strength: Strength | undefined;
  readonly settings: readonly Setting[];
  /** The others that may be used instead. */
  readonly others: readonly GeneratorKind[];
  /** What is said below the value. */
  readonly note: string;
}

export const kindCommands = {
  password: 'vaultside.generatePassword',
  passphrase: 'vaultside.generatePassphrase',
  username: 'vaultside.generateUsername',
} as const satisfies Readonly<Record<GeneratorKind, string>>;

const kindIcons: Readonly<Record<GeneratorKind, string>> = {
  password: 'key',
  passphrase: 'whole-word',
  username: 'person',
};

export function generatorRows(shown: Shown): readonly GeneratorRow[] {
  const { kind, settings, others } = shown;
  const rows = [
    ...valueRows(shown),
    separator(vscode.l10n.t('Options')),
    ...settings.map((setting, at) => settingRow(setting, at === 0)),
    separator(vscode.l10n.t('Generate Instead')),
    ...others
      .filter((other) => other !== kind)
      .map((other): GeneratorRow => ({
        id: `kind.${other}`,
        label: commandTitle(kindCommands[other]),
        iconPath: new vscode.ThemeIcon(kindIcons[other]),
        leadsTo: { kind: other },
      })),
  ];
  return rows.map((row) => ({ ...row, alwaysShow: true }));
}

function separator(label: string): GeneratorRow {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

/** A long value goes on in more rows, since quick input would cut it off. */
function valueRows({ kind, value, strength, note }: Shown): readonly GeneratorRow[] {
  if (value === undefined) return [{ id: 'value.0', label: vscode.l10n.t('Nothing to show yet'), detail: note }];
  const { rows } = rowsOf(isPresenting() ? MASK : value);
  return rows.map(({ text, goesOn }, at) => ({
    id: `value.${at}`,
    label: withoutIcons(text),
    ...(at === 0 && { iconPath: new vscode.ThemeIcon(kindIcons[kind]), detail: note, buttons: [insertButton()] }),
    ...(!goesOn && strength !== undefined && { description: strengthWords(strength) }),
    leadsTo: 'copy' as const,
  }));
}

/** @param isFirst the keys change it, too. */
function settingRow(setting: Setting, isFirst: boolean): GeneratorRow {
  const { id, label } = setting;
  const row = { id: `set.${id}`, label, leadsTo: { set: setting } };
  const forced = setting.isForced === true;
  const described = (text: string) => (forced ? vscode.l10n.t('{0} · required by your organization', text) : text);
  switch (setting.kind) {
    case 'toggle':
      return {
        ...row,
        iconPath: new vscode.ThemeIcon(setting.isOn ? 'check' : 'blank'),
        description: described(setting.isOn ? vscode.l10n.t('on') : vscode.l10n.t('off')),
      };
    case 'choice':
      return {
        ...row,
        iconPath: new vscode.ThemeIcon(setting.isChosen ? 'circle-filled' : 'circle-outline'),
        ...(setting.isChosen && { description: vscode.l10n.t('selected') }),
      };
    case 'number': {
      const { value, least } = setting;
      return {
        ...row,
        iconPath: new vscode.ThemeIcon('symbol-numeric'),
        description: forced ? vscode.l10n.t('{0} · at least {1} by your organization', value, least) : `${value}`,
        sets: setting,
        buttons: isFirst ? lengthButtons() : countButtons(),
      };
    }
    case 'text': {
      const text = setting.isPersonal === true && isPresenting() ? MASK : withoutIcons(setting.value);
      const shown = text === ' ' ? vscode.l10n.t('space') : text;
      return {
        ...row,
        iconPath: new vscode.ThemeIcon('edit'),
        description: shown === '' ? vscode.l10n.t('none') : shown,
      };
    }
  }
}

/** Those of the title. */
export function generatorButtons(hasLength: boolean): readonly GeneratorButton[] {
  const again = button('regenerate', 'refresh', vscode.l10n.t('Generate Another'));
  const history: GeneratorButton = {
    does: 'history',
    iconPath: new vscode.ThemeIcon('history'),
    tooltip: commandTitle('vaultside.generatorHistory'),
  };
  return hasLength ? [again, ...lengthButtons(), history] : [again, history];
}

function insertButton(): GeneratorButton {
  return button('insert', 'insert', vscode.l10n.t('Insert at Every Cursor'));
}

function lengthButtons(): readonly GeneratorButton[] {
  return [button('shorter', 'remove', vscode.l10n.t('Shorter')), button('longer', 'add', vscode.l10n.t('Longer'))];
}

/** Of a number that the keys do not change. */
function countButtons(): readonly GeneratorButton[] {
  return [
    { does: 'shorter', iconPath: new vscode.ThemeIcon('remove'), tooltip: vscode.l10n.t('Fewer') },
    { does: 'longer', iconPath: new vscode.ThemeIcon('add'), tooltip: vscode.l10n.t('More') },
  ];
}

function button(does: GeneratorKey['does'], icon: string, title: string): GeneratorButton {
  return { does, iconPath: new vscode.ThemeIcon(icon), tooltip: `${title} (${keyFor(does, process.platform)})` };
}

function strengthWords(strength: Strength): string {
  switch (strength) {
    case 0:
      return vscode.l10n.t('very weak');
    case 1:
      return vscode.l10n.t('weak');
    case 2:
      return vscode.l10n.t('fair');
    case 3:
      return vscode.l10n.t('good');
    case 4:
      return vscode.l10n.t('strong');
  }
}
