import { createAccount, type AccountOptions } from './accounts';
import { demoItems } from './demoItems';
import type { Account } from './model';

export const demoPassword = 'demo-master-password';

/** A developer's vault for the demo, the pictures and the tests of the editor. Nothing in it opens anything. */
export const demoVault: AccountOptions = {
  email: 'robin@northwind.example',
  name: 'Robin Demo',
  password: demoPassword,
  premium: true,
  folders: ['Work', 'Work/Cloud', 'Work/Databases', 'Personal', 'Personal/Money', 'Someday'],
  organizations: [
    {
      name: 'Northwind Dev',
      collections: ['Engineering', 'Engineering/Staging', { name: 'Production', readOnly: true, hidePasswords: true }],
    },
  ],
  items: demoItems,
};

/** With the KDF that Bitwarden gives to accounts of today. */
export function demoAccount(): Promise<Account> {
  return createAccount({ ...demoVault, kdf: { type: 'pbkdf2', iterations: 600_000 } });
}
