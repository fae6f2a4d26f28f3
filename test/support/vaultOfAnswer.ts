import { TimeSlices } from '../../src/base/timeSlices';
import { EncryptedVault, rawElements } from '../../src/vault/encryptedVault';

/** The vault in a whole answer of `sync`. Throws as rawElements and EncryptedVault.of. */
export async function vaultOfAnswer(
  answer: Uint8Array,
  host: string,
  slices = new TimeSlices(),
): Promise<EncryptedVault> {
  return EncryptedVault.of(await rawElements(answer, host, slices), host, slices);
}
