import { createAccount } from './accounts';
import { demoItems } from './demoItems';
import type { Account } from './model';

export const demoPassword = 'demo-master-password';

/** A developer's vault for the demo and the pictures. Nothing in it opens anything. */
export function demoAccount(): Promise<Account> {
  return createAccount({
    email: 'robin@northwind.example',
    name: 'Robin Demo',
    password: demoPassword,
    kdf: { type: 'pbkdf2', iterations: 600_000 },
    premium: true,
    folders: ['Work', 'Work/Cloud', 'Work/Databases', 'Personal', 'Personal/Money', 'Someday'],
    organizations: [
      {
        name: 'Northwind Dev',
        collections: [
          'Engineering',
          'Engineering/Staging',
          { name: 'Production', readOnly: true, hidePasswords: true },
        ],
      },
    ],
    items: demoItems,
  });
}
