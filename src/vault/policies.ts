import { itemTypeOf } from '../bitwarden/wire/itemTypes';
import type { Organization, Policy } from '../bitwarden/wire/model';
import type { Item } from './items';

/** server: src/Core/AdminConsole/Enums/PolicyType.cs */
const ORGANIZATION_DATA_OWNERSHIP = 5;
const MAXIMUM_VAULT_TIMEOUT = 9;
const RESTRICTED_ITEM_TYPES = 15;

/** What RestrictedItemTypes is about where the organisation names no types. */
const CARD = 3;

/**
 * The policies that this user is held to, as official clients choose them (clients:
 * libs/common/src/admin-console/services/policy/default-policy.service.ts, enforcedPolicyFilter). One of an organisation
 * that is not among those of the user counts.
 */
export function policiesThatHold(
  policies: readonly Policy[],
  organizations: readonly Organization[],
): readonly Policy[] {
  const byId = new Map(organizations.map((organization) => [organization.id, organization]));
  return policies.filter(({ type, enabled, organizationId }) => {
    const organization = byId.get(organizationId);
    return enabled && (organization === undefined || (organization.usePolicies && !isExempt(type, organization)));
  });
}

/** As far as we go by these policies; the others hold for everybody. */
function isExempt(type: number, { role }: Organization): boolean {
  switch (type) {
    case MAXIMUM_VAULT_TIMEOUT:
      return role === 'owner';
    case ORGANIZATION_DATA_OWNERSHIP:
      return role !== 'member';
    default:
      return false;
  }
}

/**
 * Whether the user may create items of their own, and change what is in them. Where not, both servers refuse a new item of
 * no organisation. Of those that are there, Vaultwarden and the official CLI refuse changes, the official server does not
 * (vaultwarden: ciphers.rs enforce_personal_ownership_policy; server: CipherService.cs).
 *
 * @param policies that hold for the user.
 */
export function mayOwnItems(policies: readonly Policy[]): boolean {
  return !policies.some(({ type }) => type === ORGANIZATION_DATA_OWNERSHIP);
}

/** What decides about it. */
export type Typed = Pick<Item, 'type' | 'organizationId'>;

/**
 * Tells which items are neither shown nor made, since their type is restricted: those of an organisation by that one alone,
 * the user's own by any (clients: libs/common/src/vault/services/restricted-item-types.service.ts).
 *
 * @param policies that hold for the user.
 * @returns undefined where nothing is restricted.
 */
export function restrictionOf(policies: readonly Policy[]): ((item: Typed) => boolean) | undefined {
  const restricted = policies
    .filter(({ type }) => type === RESTRICTED_ITEM_TYPES)
    .map(({ organizationId, numbers = [CARD] }) => ({
      organizationId,
      types: new Set(numbers.map((number) => itemTypeOf(number)?.name)),
    }));
  if (restricted.length === 0) return undefined;
  return ({ type, organizationId }) =>
    type !== 'unknown' &&
    restricted.some(
      (each) => (organizationId === undefined || organizationId === each.organizationId) && each.types.has(type),
    );
}
