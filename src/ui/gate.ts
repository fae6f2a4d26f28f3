import { RepromptRequiredError } from '../vault/errors';
import { type Field, fieldFits, type Item } from '../vault/items';
import type { OpenVault } from '../vault/openVault';
import type { RepromptProof } from '../vault/repromptProof';

type Readable = Pick<OpenVault, 'read'>;

/**
 * The one way to a value of the vault. Where the item asks for the master password, so do we, each time; undefined
 * means that the user did not give it. What the organisation hides is refused by the vault itself.
 */
export async function readThroughGate(
  vault: Readable,
  itemId: string,
  fieldKey: string,
  askForProof: () => Promise<RepromptProof | undefined>,
): Promise<string | undefined> {
  try {
    return vault.read(itemId, fieldKey);
  } catch (error) {
    if (!(error instanceof RepromptRequiredError)) throw error;
  }
  const proof = await askForProof();
  return proof === undefined ? undefined : vault.read(itemId, fieldKey, proof);
}

/** What may stand in a list without being asked for: usernames and addresses, nothing else. */
export function openValue(vault: Readable, item: Pick<Item, 'id' | 'reprompt'>, field: Field): string | undefined {
  const open = fieldFits(field, 'username') || fieldFits(field, 'uri');
  if (!open || field.secret || field.withheld) return undefined;
  try {
    return vault.read(item.id, field.key);
  } catch {
    return undefined;
  }
}
