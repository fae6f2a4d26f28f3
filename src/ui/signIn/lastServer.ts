import type * as vscode from 'vscode';
import { resolveServer, type ServerChoice } from '../../bitwarden/http/servers';
import { ServerUrlError } from '../../bitwarden/errors';
import { asObject, nonEmptyText } from '../../bitwarden/wire/wireObject';

const KEY = 'lastServer';

/** Remembers between sign-ins which server was chosen. Nothing of it is a secret, and nothing tells whose account it was. */
export class LastServer {
  constructor(private readonly memento: Pick<vscode.Memento, 'get' | 'update'>) {}

  get choice(): ServerChoice | undefined {
    return parseServerChoice(this.memento.get<unknown>(KEY));
  }

  async remember(choice: ServerChoice): Promise<void> {
    await this.memento.update(KEY, choice);
  }
}

/** A choice that was stored. Undefined unless it leads to addresses that may be used. */
export function parseServerChoice(value: unknown): ServerChoice | undefined {
  const stored = asObject(value);
  if (stored === undefined) return undefined;
  const region = nonEmptyText(stored, 'region');
  if (region === 'us' || region === 'eu') return { region };
  if (region !== 'selfHosted') return undefined;
  const [base, api, identity] = ['base', 'api', 'identity'].map((name) => nonEmptyText(stored, name));
  return usable({ region, base, api, identity });
}

/** The server that the environment names in BW_SERVER, beside the key that it may hold. */
export function environmentServer(environment: Readonly<Record<string, string | undefined>>): ServerChoice | undefined {
  const base = environment.BW_SERVER?.trim() ?? '';
  return base === '' ? undefined : usable({ region: 'selfHosted', base });
}

function usable(choice: ServerChoice): ServerChoice | undefined {
  try {
    resolveServer(choice);
    return choice;
  } catch (error) {
    if (error instanceof ServerUrlError) return undefined;
    throw error;
  }
}
