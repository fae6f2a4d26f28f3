import * as vscode from 'vscode';
import type { GeneratorKind } from '../../generate/kinds';
import {
  bounds,
  type Counted,
  type Floors,
  type GeneratorOptions,
  isSeparator,
  passphraseHeldTo,
  passwordHeldTo,
} from '../../generate/options';
import { type CharacterClass, characterClasses } from '../../generate/password';
import { parseDomain, usernameKinds, type UsernameOptions } from '../../generate/username';

/** What can be set about what is generated: a row of the generator. */
export type Setting = {
  /** What it sets, by the name of that in the options. */
  readonly id: string;
  readonly label: string;
  /** An organisation holds it where it is. */
  readonly isForced?: boolean;
} & (
  | { readonly kind: 'toggle'; readonly isOn: boolean; readonly toggled: GeneratorOptions }
  | { readonly kind: 'choice'; readonly isChosen: boolean; readonly chosen: GeneratorOptions }
  | {
      readonly kind: 'number';
      readonly value: number;
      readonly least: number;
      readonly most: number;
      readonly with: (value: number) => GeneratorOptions;
    }
  | {
      readonly kind: 'text';
      readonly value: string;
      /** Tells something of the user. */
      readonly isPersonal?: boolean;
      readonly prompt: string;
      /** Undefined for a text that does not fit. */
      readonly with: (text: string) => GeneratorOptions | undefined;
    }
);

/** What there is to set, by what is wished for and what organisations ask for. The length comes first, where there is one. */
export function settingsOf(kind: GeneratorKind, options: GeneratorOptions, floors: Floors): readonly Setting[] {
  switch (kind) {
    case 'password':
      return passwordSettings(options, floors);
    case 'passphrase':
      return passphraseSettings(options, floors);
    case 'username':
      return usernameSettings(options);
  }
}

function passwordSettings(options: GeneratorOptions, floors: Floors): readonly Setting[] {
  const { passwords: wished } = options;
  const held = passwordHeldTo(wished, floors);
  const shortest = passwordHeldTo({ ...wished, length: 0 }, floors).length;
  const changed = (change: Partial<typeof wished>) => ({ ...options, passwords: { ...wished, ...change } });
  const toggle = (name: CharacterClass): Setting => ({
    kind: 'toggle',
    id: name,
    label: classLabel(name),
    isOn: held[name],
    isForced: floors.password[name],
    toggled: changed({ [name]: !held[name] }),
  });
  const number = (name: 'minNumbers' | 'minSpecial', label: string): Setting => ({
    ...counted(name, floors.password[name]),
    id: name,
    label,
    value: held[name],
    with: (value: number) => changed({ [name]: value }),
  });
  return [
    {
      ...counted('length', shortest, floors.password.length),
      id: 'length',
      label: vscode.l10n.t('Length'),
      value: held.length,
      with: (length: number) => changed({ length }),
    },
    ...characterClasses.map(toggle),
    ...(held.numbers ? [number('minNumbers', vscode.l10n.t('Minimum numbers'))] : []),
    ...(held.special ? [number('minSpecial', vscode.l10n.t('Minimum special characters'))] : []),
    {
      kind: 'toggle',
      id: 'avoidAmbiguous',
      label: vscode.l10n.t('Avoid ambiguous characters (I, O, l, 0, 1)'),
      isOn: held.avoidAmbiguous,
      toggled: changed({ avoidAmbiguous: !held.avoidAmbiguous }),
    },
  ];
}

function passphraseSettings(options: GeneratorOptions, floors: Floors): readonly Setting[] {
  const { passphrases: wished } = options;
  const held = passphraseHeldTo(wished, floors);
  const changed = (change: Partial<typeof wished>) => ({ ...options, passphrases: { ...wished, ...change } });
  return [
    {
      ...counted('words', floors.passphrase.words),
      id: 'words',
      label: vscode.l10n.t('Number of words'),
      value: held.words,
      with: (words: number) => changed({ words }),
    },
    {
      kind: 'text',
      id: 'separator',
      label: vscode.l10n.t('Word separator'),
      value: held.separator,
      prompt: vscode.l10n.t('One character between two words, or none'),
      with: (separator) => (isSeparator(separator) ? changed({ separator }) : undefined),
    },
    {
      kind: 'toggle',
      id: 'capitalize',
      label: vscode.l10n.t('Capitalize'),
      isOn: held.capitalize,
      isForced: floors.passphrase.capitalize,
      toggled: changed({ capitalize: !held.capitalize }),
    },
    {
      kind: 'toggle',
      id: 'includeNumber',
      label: vscode.l10n.t('Include a number'),
      isOn: held.includeNumber,
      isForced: floors.passphrase.includeNumber,
      toggled: changed({ includeNumber: !held.includeNumber }),
    },
  ];
}

function usernameSettings(options: GeneratorOptions): readonly Setting[] {
  const { usernames: wished } = options;
  const changed = (change: Partial<UsernameOptions>) => ({ ...options, usernames: { ...wished, ...change } });
  return [
    ...usernameKinds.map((kind): Setting => ({
      kind: 'choice',
      id: kind,
      label: usernameKindLabel(kind),
      isChosen: wished.kind === kind,
      chosen: changed({ kind }),
    })),
    ...(wished.kind === 'word'
      ? [
          {
            kind: 'toggle' as const,
            id: 'capitalize',
            label: vscode.l10n.t('Capitalize'),
            isOn: wished.capitalize,
            toggled: changed({ capitalize: !wished.capitalize }),
          },
          {
            kind: 'toggle' as const,
            id: 'includeNumber',
            label: vscode.l10n.t('Include a number'),
            isOn: wished.includeNumber,
            toggled: changed({ includeNumber: !wished.includeNumber }),
          },
        ]
      : []),
    ...(wished.kind === 'catchAll' ? [domainSetting(wished.domain, changed)] : []),
  ];
}

function domainSetting(value: string, changed: (change: Partial<UsernameOptions>) => GeneratorOptions): Setting {
  return {
    kind: 'text',
    id: 'domain',
    label: vscode.l10n.t('Domain'),
    value,
    isPersonal: true,
    prompt: vscode.l10n.t('The domain of yours whose mail all arrives, such as example.com'),
    with: (text) => {
      const domain = parseDomain(text);
      return domain === undefined ? undefined : changed({ domain });
    },
  };
}

/** @param least by bounds, floors, and what else has to fit. @param floor by organisations alone. */
function counted(name: Counted, least: number, floor = least) {
  const [lowest, most] = bounds[name];
  return { kind: 'number', least, most, isForced: floor > lowest && least === floor } as const;
}

function classLabel(name: CharacterClass): string {
  switch (name) {
    case 'uppercase':
      return vscode.l10n.t('Uppercase letters (A–Z)');
    case 'lowercase':
      return vscode.l10n.t('Lowercase letters (a–z)');
    case 'numbers':
      return vscode.l10n.t('Numbers (0–9)');
    case 'special':
      return vscode.l10n.t('Special characters (!@#$%^&*)');
  }
}

function usernameKindLabel(kind: UsernameOptions['kind']): string {
  switch (kind) {
    case 'word':
      return vscode.l10n.t('Random word');
    case 'plusAddress':
      return vscode.l10n.t('Your email with a plus');
    case 'catchAll':
      return vscode.l10n.t('Catch-all email of a domain');
  }
}
