import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import type { ItemEdit } from '../../vault/edit/itemEdit';
import { webAddress } from '../../vault/webAddress';
import { type Answer, askInBox } from '../prompts/box';
import { unlockedVault } from '../prompts/unlock';
import { switchTo } from '../switchTo';
import type { Parts } from './command';
import { commandTitle } from './commandId';
import { saveNew } from './saveNew';

interface Login {
  readonly name: string;
  readonly website: string;
  readonly user: string;
  readonly password: string;
}

const steps = ['website', 'name', 'user', 'password'] as const satisfies readonly (keyof Login)[];

/** Asks for a login in four steps, and saves it. */
export async function newLogin(
  parts: Pick<Parts, 'sessions' | 'session' | 'itemView' | 'makePassword'>,
): Promise<void> {
  const { sessions, session, itemView } = parts;
  if ((await unlockedVault(session)) === undefined) return;
  let login: Login = { name: '', website: '', user: '', password: '' };
  for (let at = 0; at < steps.length;) {
    const step = steps[at] ?? 'password';
    const answer = await ask(parts, step, { number: at + 1, of: steps.length, login });
    if (answer.kind === 'cancelled') return;
    if (answer.kind === 'done') login = { ...login, [step]: answer.value };
    at += answer.kind === 'back' ? -1 : 1;
  }
  const id = await saveNew(parts, session, { type: 'login', edit: editOf(login) });
  if (id !== undefined && switchTo(sessions, session)) await itemView.open(id, false);
}

function editOf({ name, website, user, password }: Login): ItemEdit & { readonly name: string } {
  return { name, content: { username: user, password }, uris: website === '' ? [] : [{ uri: website, match: null }] };
}

async function ask(
  { session, makePassword }: Pick<Parts, 'session' | 'makePassword'>,
  step: keyof Login,
  { number, of, login }: { readonly number: number; readonly of: number; readonly login: Login },
): Promise<Answer<string>> {
  const shared = {
    title: commandTitle('vaultside.newLogin'),
    step: { number, of },
    closeOn: session.onDidLock,
  };
  if (step === 'password') return askPassword(session, makePassword, shared);
  return askInBox<string>({
    ...shared,
    prompt: prompts[step](),
    value: step === 'name' && login.name === '' ? suggestedName(login.website) : login[step],
    accept: (text) => {
      const value = text.trim();
      const isMissing = step === 'name' && value === '';
      return Promise.resolve(isMissing ? { again: vscode.l10n.t('Enter a name.') } : { value });
    },
  });
}

const prompts: Readonly<Record<Exclude<keyof Login, 'password'>, () => string>> = {
  website: () => vscode.l10n.t('Address of the website. May be empty.'),
  name: () => vscode.l10n.t('Name of the item'),
  user: () => vscode.l10n.t('Username. May be empty.'),
};

function askPassword(
  session: Session,
  makePassword: Parts['makePassword'],
  shared: Pick<Parameters<typeof askInBox>[0], 'title' | 'step' | 'closeOn'>,
): Promise<Answer<string>> {
  return askInBox<string>({
    ...shared,
    prompt: vscode.l10n.t('Password. Leave it empty to have one generated.'),
    masked: 'key',
    accept: async (text) => ({ value: text === '' ? await makePassword(session) : text }),
  });
}

/** The host without what all of them begin with. */
function suggestedName(website: string): string {
  const address = webAddress(website);
  return address === undefined ? '' : new URL(address).hostname.replace(/^www\./, '');
}
