import { createAccount, type AccountOptions } from './accounts';
import { demoItems } from './demoItems';
import type { Account } from './model';

export const demoPassword = 'demo-master-password';

/** A developer's vault for the demo, the pictures and the tests of the editor. None of its secrets is real. */
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

/** The demo's account, with the KDF that Bitwarden gives to new accounts. */
export function demoAccount(): Promise<Account> {
  return createAccount({ ...demoVault, kdf: { type: 'pbkdf2', iterations: 600_000 } });
}
