import type { Account, StoredCipher } from '../../model';

/**
 * The user must manage or edit the item; where the organisation limits deletion, they must manage it
 * (NormalCipherPermissions.cs:27-31).
 */
export function mayDelete(account: Account, { organizationId, edit, manage }: StoredCipher): boolean {
  if (organizationId === null) return true;
  const organization = account.organizations.find(({ id }) => id === organizationId);
  return manage || (edit && organization?.limitItemDeletion !== true);
}

export const mayEdit = ({ organizationId, edit }: StoredCipher) => organizationId === null || edit;
