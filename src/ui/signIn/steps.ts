import { resolveServer, type ServerChoice, type ServerUrls } from '../../bitwarden/http/servers';

/** What the user has said so far. */
export interface SignInDraft {
  readonly region?: ServerChoice['region'] | undefined;
  readonly base?: string | undefined;
  /** The user wants to give API and identity addresses of their own. */
  readonly separateAddresses?: boolean;
  readonly api?: string | undefined;
  readonly identity?: string | undefined;
  /** The environment has a usable key, see environmentKey. */
  readonly environmentKey: boolean;
  readonly useEnvironmentKey?: boolean;
  readonly clientId?: string;
  /** The client_secret was pasted together with the client_id. */
  readonly hasSecret?: boolean;
}

export type SignInStep = 'region' | 'base' | 'api' | 'identity' | 'keySource' | 'clientId' | 'clientSecret';

/** The steps of a sign-in, in order. The answer to one may change those that follow. */
export function signInSteps(draft: SignInDraft): readonly SignInStep[] {
  return [
    'region',
    ...(draft.region === 'selfHosted' ? (['base'] as const) : []),
    ...(draft.region === 'selfHosted' && draft.separateAddresses === true ? (['api', 'identity'] as const) : []),
    ...(draft.environmentKey ? (['keySource'] as const) : []),
    ...(draft.environmentKey && draft.useEnvironmentKey === true ? [] : keySteps(draft)),
  ];
}

function keySteps({ hasSecret }: SignInDraft): readonly SignInStep[] {
  return hasSecret === true ? ['clientId'] : ['clientId', 'clientSecret'];
}

/**
 * The servers of the draft.
 *
 * @throws ServerUrlError when the addresses are missing or wrong.
 */
export function serversOf(draft: SignInDraft): ServerUrls {
  return resolveServer(choiceOf(draft));
}

/** A draft that begins with a server that was chosen before. */
export function draftOf(choice: ServerChoice | undefined): Partial<SignInDraft> {
  if (choice?.region !== 'selfHosted') return { region: choice?.region };
  const { region, base, api, identity } = choice;
  return { region, base, api, identity, separateAddresses: api !== undefined || identity !== undefined };
}

/** What the draft says of the server. */
export function choiceOf({ region = 'us', base, separateAddresses, api, identity }: SignInDraft): ServerChoice {
  if (region !== 'selfHosted') return { region };
  return { region, base, ...(separateAddresses === true ? { api, identity } : {}) };
}
