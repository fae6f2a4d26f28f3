import { ok, type Call, type Reply } from '../http';
import type { Account, StoredCipher } from '../model';
import type { RouteFactory } from '../router';
import { withDates } from '../dialects/shared';
import { signedIn } from '../signedIn';
import { links, type ServerState } from '../state';

/** Groups of sites that belong together; real servers send dozens. */
const domains = {
  equivalentDomains: [],
  globalEquivalentDomains: [{ type: 2, domains: ['example.com', 'example.net'], excluded: false }],
  object: 'domains',
};

/** The items that are sent to the client. Those of types that it is too old for are left out. */
function visible(state: ServerState, account: Account, call: Call): StoredCipher[] {
  const { accounts, identity } = state.dialect;
  const version = identity.clientVersion(call);
  const disabled = new Set(account.organizations.filter(({ enabled }) => !enabled).map(({ id }) => id));
  return account.ciphers.filter(({ type, organizationId }) => {
    if (organizationId !== null && disabled.has(organizationId)) return false;
    return accounts.sendsType(type, version);
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
    const files = links(state);
    const noDomains = call.query.get('excludeDomains') === 'true';
    const answer = dialect.accounts.finishSync(
      {
        object: 'sync',
        profile: dialect.accounts.profile(account),
        folders: account.folders.map(folder),
        collections: anyEnabled ? account.collections.map(collection) : [],
        ciphers: visible(state, account, call).map((cipher) =>
          dialect.ciphers.answer(account, cipher, 'cipherDetails', files),
        ),
        domains: noDomains ? null : domains,
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
