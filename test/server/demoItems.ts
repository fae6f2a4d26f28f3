import type { PlainItem } from './items';

const org = { organization: 'Northwind Dev' } as const;

const work: readonly PlainItem[] = [
  {
    name: 'GitHub',
    username: 'robin-demo',
    password: 'fake-Octocat-Horse-42',
    totp: 'otpauth://totp/GitHub:robin-demo?secret=JBSWY3DPEHPK3PXP&issuer=GitHub',
    uris: ['https://github.com/login'],
    folder: 'Work',
    favorite: true,
    fields: [
      { type: 'hidden', name: 'Personal access token', value: 'ghp_FAKEfakeFAKEfakeFAKEfakeFAKEfake0000' },
      { name: 'Recovery e-mail', value: 'robin@northwind.example' },
      { type: 'boolean', name: 'SSO enforced', value: 'true' },
    ],
    passwordHistory: [{ password: 'fake-Octocat-Horse-41', lastUsedDate: '2025-11-02T09:30:00.000Z' }],
  },
  {
    name: 'npm',
    username: 'robin-demo',
    password: 'fake-left-pad-forever',
    totp: 'KRSXG5CTMVRXEZLU',
    uris: ['https://packages.example/login'],
    folder: 'Work',
    fields: [{ type: 'hidden', name: 'Publish token', value: 'npm_FAKEfakeFAKEfakeFAKEfakeFAKEfake' }],
  },
  {
    name: 'AWS (sandbox)',
    username: 'robin.demo',
    password: 'fake-S3-Bucket-Brigade',
    totp: 'otpauth://totp/AWS:robin.demo?secret=GEZDGNBVGY3TQOJQ&period=30&digits=6&issuer=AWS',
    uris: ['https://000000000000.signin.aws.amazon.com/console'],
    folder: 'Work/Cloud',
    favorite: true,
    reprompt: true,
    fields: [
      { name: 'Access key id', value: 'AKIAFAKEFAKEFAKEFAKE' },
      { type: 'hidden', name: 'Secret access key', value: 'fake/Secret/Access/Key/0000000000000000' },
    ],
  },
  {
    name: 'Cloudflare',
    username: 'robin@northwind.example',
    password: 'fake-orange-cloud-7',
    uris: ['https://dash.cloudflare.com/login'],
    folder: 'Work/Cloud',
    ownKey: true,
  },
  {
    name: 'PostgreSQL (local)',
    username: 'app',
    password: 'fake-elephants-never-forget',
    uris: ['postgres://app@localhost:5432/northwind'],
    folder: 'Work/Databases',
    favorite: true,
  },
  {
    name: 'Redis (local)',
    password: 'fake-in-memory-only',
    uris: ['redis://localhost:6379/0'],
    folder: 'Work/Databases',
  },
  {
    type: 'sshKey',
    name: 'Laptop SSH key',
    folder: 'Work',
    details: {
      privateKey:
        '-----BEGIN OPENSSH PRIVATE KEY-----\nZmFrZS1rZXktZm9yLXRoZS1kZW1vLW9ubHk=\n-----END OPENSSH PRIVATE KEY-----\n',
      publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKE robin@demo',
      keyFingerprint: 'SHA256:FAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAK',
    },
  },
  {
    type: 'secureNote',
    name: 'Release checklist',
    notes:
      '1. Bump the version\n2. Write the changelog\n3. Tag\n4. Publish\n\nThe signing passphrase is not written down here.',
    folder: 'Work',
  },
];

const personal: readonly PlainItem[] = [
  {
    name: 'Steam',
    username: 'robin_plays',
    password: 'fake-half-life-three',
    totp: 'steam://HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ',
    uris: ['https://store.steampowered.com/login'],
    folder: 'Personal',
  },
  {
    type: 'card',
    name: 'Demo credit card',
    folder: 'Personal/Money',
    details: {
      cardholderName: 'Robin Demo',
      brand: 'Visa',
      number: '4111111111111111',
      expMonth: '4',
      expYear: '2031',
      code: '000',
    },
  },
  {
    type: 'identity',
    name: 'Robin at work',
    folder: 'Personal',
    details: {
      title: 'Mx',
      firstName: 'Robin',
      lastName: 'Demo',
      username: 'robin-demo',
      company: 'Northwind Dev',
      email: 'robin@northwind.example',
      phone: '+1 555 0100',
      address1: '1 Example Street',
      city: 'Springfield',
      postalCode: '00000',
      country: 'US',
    },
  },
  {
    name: 'Old forum',
    username: 'robin',
    password: 'fake-phpbb',
    uris: ['https://forum.example.test'],
    archived: true,
  },
  { name: 'Closed trial account', username: 'robin', password: 'fake-trial', trashed: true },
  { type: 'secureNote', name: 'Wi-Fi at home', notes: 'SSID: demo-net\nPassword: fake-wifi-password' },
];

const shared: readonly PlainItem[] = [
  {
    ...org,
    name: 'Staging database',
    collections: ['Engineering/Staging'],
    username: 'staging_rw',
    password: 'fake-staging-secret',
    uris: ['postgres://staging_rw@db.staging.northwind.example/app'],
  },
  {
    ...org,
    name: 'CI deploy bot',
    collections: ['Engineering'],
    username: 'deploy-bot',
    password: 'fake-green-builds-only',
    totp: 'MFRGGZDFMZTWQ2LK',
    uris: ['https://ci.northwind.example'],
    fields: [{ type: 'hidden', name: 'Webhook secret', value: 'whsec_FAKEfakeFAKEfake' }],
    ownKey: true,
  },
  {
    ...org,
    name: 'Production database',
    collections: ['Production'],
    username: 'prod_ro',
    password: 'fake-production-secret',
    uris: ['postgres://prod_ro@db.northwind.example/app'],
    viewPassword: false,
    edit: false,
  },
  {
    ...org,
    type: 'secureNote',
    name: 'On-call runbook',
    collections: ['Engineering', 'Production'],
    notes: 'Page the demo rota. Restart the demo. Blame the demo DNS.',
    edit: false,
  },
];

export const demoItems: readonly PlainItem[] = [...work, ...personal, ...shared];
