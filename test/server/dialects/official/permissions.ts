import type { Account, StoredCipher } from '../../model';

/** Manage or edit, manage alone where the organisation limits deletion (NormalCipherPermissions.cs:27-31). */
export function mayDelete(account: Account, { organizationId, edit, manage }: StoredCipher): boolean {
  if (organizationId === null) return true;
  const organization = account.organizations.find(({ id }) => id === organizationId);
  return manage || (edit && organization?.limitItemDeletion !== true);
}

export const mayEdit = ({ organizationId, edit }: StoredCipher) => organizationId === null || edit;
