import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { noCircles } from './test/support/noCircles.mjs';

const only = (forbidden, message) => ({
  'no-restricted-imports': ['error', { patterns: [{ regex: forbidden, message }] }],
});

/** Calls that have one home each; every other file goes through the module named in the message. */
const commandCall = {
  selector: 'MemberExpression[property.name=/^register(TextEditor)?Command$/]',
  message: 'Commands are registered in src/ui/commands/register.ts alone.',
};
const contextCall = {
  selector: "Literal[value='setContext']",
  message: 'Context keys are set in src/ui/context.ts alone.',
};

/** Bytes of secrets come from one allocator: these put them where copies stay behind. */
const sharedMemory = [
  "MemberExpression[object.name='Buffer'][property.name=/^(alloc|allocUnsafe|allocUnsafeSlow|concat|copyBytesFrom)$/]",
  'MemberExpression[object.name=/^(Uint8Array|Buffer)$/][property.name=/^(from|of)$/]',
  "NewExpression[callee.name='Uint8Array']",
  "CallExpression[callee.property.name='encode'][callee.object.callee.name='TextEncoder']",
].map((selector) => ({
  selector,
  message: 'Secrets are allocated by src/base/secretBytes.ts alone; what is public here by publicBytes.ts beside it.',
}));
const castToSecret = {
  selector: "TSAsExpression > TSTypeReference[typeName.name='SecretBytes']",
  message:
    'Only src/base/secretBytes.ts calls bytes secret: copySecret, or takeSecret, puts them where they can be wiped.',
};

/** Words, and not a name such as user.…, client_secret or https://…; Bitwarden is a name that looks like a word. */
const literal = 'Literal[value=/^(?!Bitwarden$)(?!\\S*[._:]\\S+$).*[a-z]/i]';
const template = 'TemplateLiteral:has(> TemplateElement[value.raw=/(^|\\s)[a-z]/i])';
const shown = '/^(title|prompt|placeholder|tooltip|label|detail|description|message|accessibilityLabel)$/';
const showing = '/^(show(Information|Warning|Error)Message|setStatusBarMessage|withProgress)$/';
const untranslated = [
  `Property[key.name=${shown}] > .value`,
  `AssignmentExpression[left.property.name=${shown}] > .right`,
  `CallExpression:matches([callee.name=${showing}], [callee.property.name=${showing}]) > .arguments`,
]
  .flatMap((place) => [place, `${place}:matches(ConditionalExpression, LogicalExpression) > *`])
  .map((place) => ({
    selector: `${place}:matches(${literal}, ${template})`,
    message: 'What a user reads goes through vscode.l10n.t.',
  }));

/** In presentation mode none of these is shown, for which one file asks. */
const shownElsewhere = 'What the screen may show of a value or an account is asked of src/ui/presentation.ts.';
const shownByName = ['MemberExpression', 'ObjectPattern > Property'].map((node) => ({
  selector: `${node}:matches([property.name=/^(email|username)$/], [key.name=/^(email|username)$/])`,
  message: shownElsewhere,
}));
const openValues = { regex: '/vault/read$', importNames: ['listedValue', 'notesToRead', 'endOfCardNumber'] };

export default defineConfig(
  { ignores: ['dist/', 'out*/', '.vscode-test/', 'node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': ['error', commandCall, contextCall, castToSecret],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
    },
  },
  {
    files: ['src/base/**'],
    rules: only('^vscode$|^\\.\\./', 'base/ imports nothing of ours, and never vscode.'),
  },
  { files: ['src/**'], plugins: { ours: noCircles }, rules: { 'ours/no-circles': 'error' } },
  {
    files: ['src/bitwarden/**'],
    rules: only('^vscode$|/(vault|account|ui|platform|keeper)/', 'bitwarden/ imports base/ alone, and never vscode.'),
  },
  {
    files: ['src/bitwarden/http/**'],
    rules: only(
      '^vscode$|/(api|crypto|vault|account|ui|platform|keeper)/',
      'http/ sends requests: it knows no endpoint and no crypto.',
    ),
  },
  {
    files: ['src/bitwarden/wire/**'],
    rules: {
      ...only('^vscode$|/(api|http|vault|account|ui|platform|keeper)/', 'wire/ reads JSON, and knows of no server.'),
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ regex: '/crypto/', allowTypeImports: true, message: 'wire/ opens nothing.' }] },
      ],
    },
  },
  {
    files: ['src/bitwarden/crypto/**'],
    rules: only(
      '^vscode$|/(api|http|wire|vault|account|ui|platform|keeper)/',
      'crypto/ turns bytes into bytes, and knows of no server.',
    ),
  },
  {
    // These hold keys, passwords and what was decrypted.
    files: [
      'src/bitwarden/crypto/**',
      ...['accountKeys', 'cipherBlob', 'itemFields', 'itemList', 'keyring', 'openCipher', 'openItems'].map(
        (name) => `src/vault/${name}.ts`,
      ),
      ...['masterPassword', 'userKey', 'passwordHash', 'unlocker', 'userVerification', 'itemUse', 'sharedUnlock'].map(
        (name) => `src/account/${name}.ts`,
      ),
      'src/account/generatorHistory.ts',
      'src/account/storage/sealedFile.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', commandCall, contextCall, castToSecret, ...sharedMemory] },
  },
  { files: ['src/base/secretBytes.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['src/generate/**'],
    rules: only(
      '^vscode$|/(api|crypto|http|vault|account|ui|platform|keeper)/',
      'generate/ makes passwords by rules: it imports base/ and what reads policies, and never vscode.',
    ),
  },
  {
    files: ['src/vault/**'],
    rules: only(
      '^vscode$|/(account|ui|platform|keeper)/',
      'vault/ imports bitwarden/ and base/ only, and never vscode: it knows no account and no network.',
    ),
  },
  {
    files: ['src/account/**'],
    rules: only('^vscode$|/(ui|platform|keeper)/', 'account/ imports vault/ and what is below it, and never vscode.'),
  },
  {
    files: ['src/platform/**'],
    rules: only(
      '^vscode$|/(bitwarden|vault|account|ui|keeper)/',
      'platform/ is Node behind the ports: it imports base/ alone, and never vscode.',
    ),
  },
  {
    files: ['src/keeper/**'],
    rules: {
      ...only(
        '^vscode$|/(vault|account|ui)/|/bitwarden/(?!crypto/)',
        'keeper/ imports base/, platform/ and what turns bytes into bytes, and never vscode.',
      ),
      'no-restricted-syntax': ['error', commandCall, contextCall, castToSecret, ...sharedMemory],
    },
  },
  {
    files: ['src/ui/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '/(platform|keeper)/',
              message: 'ui/ gets what reaches Node from extension.ts, through the ports of base/.',
            },
            { ...openValues, message: shownElsewhere },
          ],
        },
      ],
      'no-restricted-syntax': ['error', commandCall, contextCall, castToSecret, ...untranslated, ...shownByName],
    },
  },
  {
    files: ['src/ui/presentation.ts'],
    rules: {
      'no-restricted-imports': 'off',
      'no-restricted-syntax': ['error', commandCall, contextCall, castToSecret, ...untranslated],
    },
  },
  {
    files: ['src/pages/**'],
    rules: only(
      '^vscode$|^\\.\\./(?!ui/item/(?:messages|formMessages)$)',
      'pages/ shares message types with ui/ alone.',
    ),
  },
  {
    files: ['src/ui/commands/register.ts'],
    rules: { 'no-restricted-syntax': ['error', contextCall, castToSecret, ...untranslated, ...shownByName] },
  },
  {
    files: ['src/ui/context.ts'],
    rules: { 'no-restricted-syntax': ['error', commandCall, castToSecret, ...untranslated, ...shownByName] },
  },
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      'no-console': 'off',
      'no-restricted-syntax': 'off',
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        AbortSignal: 'readonly',
        AbortController: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
      },
    },
  },
);
