import type { AccountOptions } from './accounts';
import type { PlainItem } from './items';
import type { PlainOrganization } from './organizations';

const hosts = ['git', 'ci', 'registry', 'db', 'mail', 'wiki', 'shop', 'metrics', 'vpn', 'cloud'];

/**
 * So many different items, always the same ones: nine logins for each note, in forty folders, some favourites, some
 * with one-time codes and hidden fields. The name of each hundredth contains "needle".
 */
export function manyItems(count: number): PlainItem[] {
  return Array.from({ length: count }, (_, at): PlainItem => {
    const number = String(at).padStart(5, '0');
    const folder = `Area ${String(at % 8)}/Team ${String(at % 40)}`;
    const name = `${at % 100 === 42 ? 'needle ' : ''}${hosts[at % hosts.length] ?? ''} ${number}`;
    if (at % 10 === 9) return { type: 'secureNote', name, folder, notes: `Note number ${number}, made up.` };
    return {
      name,
      folder,
      username: `user${number}@example.test`,
      password: `not-a-real-password-${number}`,
      uris: [`https://${hosts[at % hosts.length] ?? ''}${number}.example.test/login`],
      favorite: at % 500 === 0,
      ...(at % 20 === 0 ? { totp: 'JBSWY3DPEHPK3PXP' } : {}),
      ...(at % 25 === 0 ? { fields: [{ type: 'hidden', name: 'token', value: `not-a-real-token-${number}` }] } : {}),
    };
  });
}

const ORGANIZATIONS = 100;
const COLLECTIONS = ['Servers', 'Servers/Production', 'Servers/Staging', 'People/Accounts'];

/**
 * A vault with everything that takes time: of these items a third have a key of their own, and a quarter belong to one
 * of a hundred organisations with nested collections.
 */
export function largeVault(count: number): Required<Pick<AccountOptions, 'items' | 'organizations'>> {
  const organizations = Array.from({ length: ORGANIZATIONS }, (_, at): PlainOrganization => ({
    name: `Organisation ${String(at)}`,
    collections: COLLECTIONS,
  }));
  const items = manyItems(count).map((item, at): PlainItem => {
    const ownKey = at % 3 === 0;
    if (at % 4 !== 1) return { ...item, ownKey };
    const organization = `Organisation ${String(at % ORGANIZATIONS)}`;
    return { ...item, ownKey, organization, collections: [COLLECTIONS[at % COLLECTIONS.length] ?? ''] };
  });
  return { items, organizations };
}
