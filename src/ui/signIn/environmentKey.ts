import { parseClientId } from '../../bitwarden/api/identity';
import { pastedKey } from './pastedKey';

/** The pair that the official CLI reads from the environment, if both are there. */
export type EnvironmentKey =
  | { readonly kind: 'none' }
  /** There is a pair, and its client_id is not a personal one. */
  | { readonly kind: 'unusable' }
  | { readonly kind: 'usable'; readonly clientId: string; readonly clientSecret: string };

export function environmentKey(environment: Readonly<Record<string, string | undefined>>): EnvironmentKey {
  const clientId = pastedKey('id', environment.BW_CLIENTID ?? '');
  const clientSecret = pastedKey('secret', environment.BW_CLIENTSECRET ?? '');
  if (clientId === '' || clientSecret === '') return { kind: 'none' };
  return parseClientId(clientId).kind === 'user' ? { kind: 'usable', clientId, clientSecret } : { kind: 'unusable' };
}
