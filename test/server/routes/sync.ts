import { ok, type Call, type Reply } from '../http';
import type { Account, StoredCipher } from '../model';
import type { RouteFactory } from '../router';
import { withDates } from '../dialects/shared';
import { signedIn } from '../signedIn';
import type { ServerState } from '../state';
import { atLeast } from '../versions';

const sshKeysSince = [2024, 12, 0];
const newTypesSince = [2026, 2, 0];

/** Types that the client is too old for are left out without a word. */
function visible(state: ServerState, account: Account, call: Call): StoredCipher[] {
  const version = state.dialect.clientVersion(call);
  const sshKeys = atLeast(version, sshKeysSince);
  const newTypes = state.dialect.name === 'vaultwarden' || atLeast(version, newTypesSince);
  const disabled = new Set(account.organizations.filter(({ enabled }) => !enabled).map(({ id }) => id));
  return account.ciphers.filter(({ type, organizationId }) => {
    if (organizationId !== null && disabled.has(organizationId)) return false;
    if (type === 5) return sshKeys;
    return type >= 6 && type <= 8 ? newTypes : true;
  });
}

export const syncRoutes: RouteFactory = (state) => {
  const { dialect } = state;
  const folder = (entry: Account['folders'][number]) => withDates({ ...entry, object: 'folder' }, dialect.date);
  const collection = (entry: Account['collections'][number]) => ({
    ...entry,
    externalId: null,
    manage: false,
    type: 0,
    defaultUserCollectionEmail: null,
    object: 'collectionDetails',
  });

  function sync(call: Call): Reply {
    const account = signedIn(state, call);
    const anyEnabled = account.organizations.some(({ enabled }) => enabled);
    const noDomains = call.query.get('excludeDomains') === 'true';
    const answer = dialect.finishSync(
      {
        object: 'sync',
        profile: dialect.profile(account),
        folders: account.folders.map(folder),
        collections: anyEnabled ? account.collections.map(collection) : [],
        ciphers: visible(state, account, call).map((cipher) => dialect.cipher(account, cipher, 'cipherDetails')),
        domains: noDomains ? null : { equivalentDomains: [], globalEquivalentDomains: [], object: 'domains' },
        policies: account.policies.map((policy) => ({
          ...policy,
          revisionDate: account.creationDate,
          object: 'policy',
        })),
        sends: [],
      },
      account,
    );
    if (state.oldAnswers) delete answer.userDecryption;
    return ok(answer);
  }

  const list = (data: unknown[]) => ok({ data, object: 'list', continuationToken: null });
  return {
    'GET /api/sync': sync,
    'GET /api/folders': (call) => list(signedIn(state, call).folders.map(folder)),
    'GET /api/collections': (call) => list(signedIn(state, call).collections.map(collection)),
  };
};
