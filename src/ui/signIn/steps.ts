import { resolveServer, type ServerChoice, type ServerUrls } from '../../bitwarden/http/servers';

/** What the user has said so far. */
export interface SignInDraft {
  readonly region?: ServerChoice['region'];
  readonly base?: string;
  /** The user wants to give API and identity addresses of their own. */
  readonly separateAddresses?: boolean;
  readonly api?: string;
  readonly identity?: string;
  /** The environment has a usable key, see environmentKey. */
  readonly environmentKey: boolean;
  readonly useEnvironmentKey?: boolean;
  readonly clientId?: string;
}

export type SignInStep = 'region' | 'base' | 'api' | 'identity' | 'keySource' | 'clientId' | 'clientSecret';

/** The steps of a sign-in, in order. The answer to one may change those that follow. */
export function signInSteps(draft: SignInDraft): readonly SignInStep[] {
  return [
    'region',
    ...(draft.region === 'selfHosted' ? (['base'] as const) : []),
    ...(draft.region === 'selfHosted' && draft.separateAddresses === true ? (['api', 'identity'] as const) : []),
    ...(draft.environmentKey ? (['keySource'] as const) : []),
    ...(draft.environmentKey && draft.useEnvironmentKey === true ? [] : (['clientId', 'clientSecret'] as const)),
  ];
}

/**
 * The servers of the draft.
 *
 * @throws ServerUrlError when the addresses are missing or wrong.
 */
export function serversOf(draft: SignInDraft): ServerUrls {
  if (draft.region !== 'selfHosted') return resolveServer({ region: draft.region ?? 'us' });
  const own = draft.separateAddresses === true ? { api: draft.api, identity: draft.identity } : {};
  return resolveServer({ region: 'selfHosted', base: draft.base, ...own });
}
