import assert from 'node:assert/strict';
import { ServerUrlError } from '../../../src/bitwarden/errors';
import { addressHint, clientIdHint, clientSecretProblem } from '../../../src/ui/signIn/hints';
import { environmentKey, pastedKey, pastedPair } from '../../../src/ui/signIn/keyText';
import { environmentServer, LastServer, parseServerChoice } from '../../../src/ui/signIn/lastServer';
import { choiceOf, draftOf, serversOf, signInSteps } from '../../../src/ui/signIn/steps';
import { escapeMarkdown, withoutIcons, withoutLinks } from '../../../src/ui/untrustedText';

const clientId = 'user.0123abcd-45ef-6789-abcd-0123456789ab';

describe('Sign-in', () => {
  it('asks for what the answers so far leave open', () => {
    const none = { environmentKey: false };
    assert.deepEqual(signInSteps({ ...none, region: 'eu' }), ['region', 'clientId', 'clientSecret']);
    assert.deepEqual(signInSteps({ ...none, region: 'selfHosted' }), ['region', 'base', 'clientId', 'clientSecret']);
    assert.deepEqual(signInSteps({ ...none, region: 'selfHosted', separateAddresses: true }), [
      ...['region', 'base', 'api', 'identity', 'clientId', 'clientSecret'],
    ]);
    assert.deepEqual(signInSteps({ environmentKey: true, useEnvironmentKey: true }), ['region', 'keySource']);
    assert.deepEqual(signInSteps({ environmentKey: true, useEnvironmentKey: false }), [
      ...['region', 'keySource', 'clientId', 'clientSecret'],
    ]);
  });

  it('never falls through to the cloud for a server of one’s own', () => {
    assert.throws(() => serversOf({ environmentKey: false, region: 'selfHosted' }), ServerUrlError);
    const own = { environmentKey: false, region: 'selfHosted', base: 'https://v.example', api: 'https://a.example' };
    assert.equal(serversOf({ ...own, region: 'selfHosted' }).api, 'https://v.example/api');
    const separate = { ...own, region: 'selfHosted', separateAddresses: true, identity: 'i.example' } as const;
    assert.deepEqual(serversOf(separate), {
      webVault: 'https://v.example',
      api: 'https://a.example',
      identity: 'https://i.example',
    });
  });

  it('shows the address as it will be used, and what is wrong with it', () => {
    assert.deepEqual(addressHint(' vault.example.org:8443/sub/ '), {
      ok: 'Connects to https://vault.example.org:8443/sub',
    });
    for (const bad of ['http://example.org', 'https://user:pw@example.org', 'https://example.org/?x', 'a b']) {
      assert.ok('problem' in addressHint(bad), bad);
    }
  });

  it('tells the key of an organisation apart, and where the personal one is', () => {
    assert.ok('ok' in clientIdHint(` ${clientId} `));
    const organization = clientIdHint(clientId.replace('user', 'organization'));
    assert.ok('problem' in organization && /organization.*Settings > Security > Keys/.test(organization.problem));
    assert.ok('problem' in clientIdHint('robin@example.org'));
  });

  it('notices a client_id where the client_secret goes', () => {
    assert.equal(clientSecretProblem('Zx81Zx81Zx81Zx81Zx81Zx81Zx81Zx'), undefined);
    for (const bad of ['', '  ', 'two words', clientId]) assert.ok(clientSecretProblem(bad), bad);
  });

  const secret = 'AbCdEf0123456789AbCdEf01234567';
  const pasted: readonly string[] = [
    ...['„“', '‚‘', '‹›', '«»', '»«', '‘’', '”“', '‟”', '′′', '´´', '「」', '＂＂', '„"', "‚'"].map(
      ([open = '', close = '']) => `${open}${secret}${close}`,
    ),
    ...[`client_secret=„${secret}“`, `client-secret=${secret}`, `--client-secret="${secret}"`],
    ...[`secret=${secret}`, `Secret: ${secret}`, `"secret": "${secret}"`, `bw_secret=${secret}`],
    ...[`Client Secret: ${secret}`, `client_secret => '${secret}',`, `client_secret := ${secret}`],
    `client_secret：${secret}`,
    ...[`client_id=${clientId}&client_secret=${secret}&scope=api`, `client_secret=${secret}&client_id=${clientId}`],
    `{"clientId":"${clientId}","clientSecret":"${secret}"}`,
    // As a box of one line joins lines.
    ...[`client-id: ${clientId}client-secret: ${secret}`, `client_id: ${clientId}secret: ${secret}`],
    ...[`clientId: ${clientId}clientSecret: ${secret}`, `clientSecret: ${secret}clientId: ${clientId}`],
    `export BW_CLIENTID=${clientId}export BW_CLIENTSECRET=${secret}`,
    `$env:BW_CLIENTID="${clientId}"$env:BW_CLIENTSECRET="${secret}"`,
    `$env:BW_CLIENTID=${clientId}$env:BW_CLIENTSECRET=${secret}`,
    `set BW_CLIENTID=${clientId}set BW_CLIENTSECRET=${secret}`,
    ...['', '"', "'", '`'].map((quote) => `${quote}${secret}${quote}`),
    ...[
      `\u201c${secret}\u201d`,
      ` ${secret}\n`,
      `${secret},`,
      `"${secret}",`,
      `\u200b${secret}\ufeff`,
      `\u00a0${secret}`,
    ],
    ...[`${secret.slice(0, 9)}\u200b${secret.slice(9)}`, `\u202a${secret}\u202c`],
    ...[
      `client_secret: ${secret}`,
      `client_secret:${secret}`,
      `client_secret = "${secret}"`,
      `"client_secret": "${secret}",`,
    ],
    ...[`BW_CLIENTSECRET=${secret}`, `export BW_CLIENTSECRET="${secret}"`, `set BW_CLIENTSECRET=${secret}`],
    ...[`$env:BW_CLIENTSECRET = '${secret}'`, `clientSecret: ${secret}`, `CLIENT_SECRET=${secret};`],
    JSON.stringify({ client_id: clientId, client_secret: secret, scope: 'api' }),
    JSON.stringify({ client_secret: secret, client_id: clientId }, undefined, 2),
    ...[`client_id: ${clientId}\nclient_secret: ${secret}`, `client_id: ${clientId}client_secret: ${secret}`],
    `export BW_CLIENTID=${clientId}BW_CLIENTSECRET=${secret}`,
    // The dialog of the web vault, copied whole.
    `client_id:\n${clientId}\nclient_secret:\n${secret}\nscope:\napi\ngrant_type:\nclient_credentials`,
    `client_id:${clientId}client_secret:${secret}scope:apigrant_type:client_credentials`,
  ];
  for (const text of pasted) {
    it(`takes the key out of ${JSON.stringify(text.slice(0, 60))}`, () => {
      assert.equal(pastedKey('secret', text), secret);
      assert.equal(clientSecretProblem(text), undefined);
      if (text.includes(clientId)) assert.equal(pastedKey('id', text), clientId);
    });

    it(`leaves nothing of the client_secret where the client_id is shown: ${JSON.stringify(text.slice(0, 60))}`, () => {
      const isNamed = /secret/i.test(text);
      const clientIdInIt = text.includes(clientId) ? clientId : '';
      assert.deepEqual(pastedPair(text), isNamed ? { clientId: clientIdInIt, clientSecret: secret } : undefined);
    });
  }

  for (const between of ['', ' ', '\n', '\r\n\t']) {
    it(`takes both values apart without names before them: ${JSON.stringify(between)}`, () => {
      assert.deepEqual(pastedPair(`${clientId}${between}${secret}`), { clientId, clientSecret: secret });
    });
  }

  // Found by the fuzzed parsers: a text of 64 KiB kept the editor busy for a quarter of a minute.
  it('looks at the beginning of a long text alone', () => {
    const long = `${'"'.repeat(100_000)}x`;
    assert.ok(pastedKey('id', long).length <= 4_096);
    assert.ok(pastedKey('secret', `${','.repeat(100_000)}x`).length <= 4_096);
    assert.equal(pastedPair(long), undefined);
  });

  it('takes no client_id, and nothing that is being typed, for a pair', () => {
    for (const text of [clientId, '', `client_id: ${clientId}`, 'client_secret: AbC', `${clientId} abc`]) {
      assert.equal(pastedPair(text), undefined, text);
    }
  });

  it('asks for no client_secret where it came with the client_id', () => {
    assert.deepEqual(signInSteps({ environmentKey: false, region: 'us', hasSecret: true }), ['region', 'clientId']);
  });

  it('begins with the server of the last sign-in, as far as that is one', async () => {
    const stored = new Map<string, unknown>();
    const last = new LastServer({
      get: (key: string) => stored.get(key),
      update: (key: string, value: unknown) => Promise.resolve(void stored.set(key, JSON.parse(JSON.stringify(value)))),
    } as ConstructorParameters<typeof LastServer>[0]);
    assert.equal(last.choice, undefined);
    const separate = { base: 'https://v.example', api: 'https://a.example', identity: 'https://i.example' };
    for (const draft of [
      { region: 'eu' as const },
      { region: 'selfHosted' as const, base: 'https://v.example' },
      { region: 'selfHosted' as const, ...separate, separateAddresses: true },
    ]) {
      await last.remember(choiceOf({ environmentKey: false, ...draft }));
      const begun = serversOf({ environmentKey: false, ...draftOf(last.choice) });
      assert.deepEqual(begun, serversOf({ environmentKey: false, ...draft }));
    }
    assert.deepEqual(
      [...stored.keys()].map((key) => typeof key),
      ['string'],
    );
  });

  it('takes nothing for a server that was stored by somebody else', () => {
    for (const value of [
      ...[null, 7, 'us', [], {}, { region: 'mars' }, { region: 'selfHosted' }],
      ...['http://v.example', 'https://u:p@v.example', 'ftp://v.example', 'https://v.example/?x', 'a b', 7].map(
        (base) => ({
          region: 'selfHosted',
          base,
        }),
      ),
      { region: 'selfHosted', base: 'https://v.example', api: 'http://evil.example' },
    ]) {
      assert.equal(parseServerChoice(value), undefined, JSON.stringify(value));
    }
  });

  it('takes the server from the environment, if it is one', () => {
    assert.deepEqual(environmentServer({ BW_SERVER: ' https://v.example ' }), {
      region: 'selfHosted',
      base: 'https://v.example',
    });
    for (const bad of [undefined, '', 'http://v.example', 'https://u:p@v.example', 'a b']) {
      assert.equal(environmentServer({ BW_SERVER: bad }), undefined);
    }
  });

  for (const text of [
    clientId,
    `"${clientId}"`,
    `BW_CLIENTID=${clientId}`,
    `client_id: ${clientId}\n`,
    ...[`client-id=${clientId}`, `Client ID: ${clientId}`, `clientId: "${clientId}"`, `„${clientId}“`],
    `\u200b${clientId}`,
  ]) {
    it(`takes the client_id out of ${JSON.stringify(text)}`, () => {
      assert.equal(pastedKey('id', text), clientId);
      assert.ok('ok' in clientIdHint(text));
      assert.match(clientSecretProblem(text) ?? '', /client_id/);
    });
  }

  it('takes no name for a key', () => {
    for (const text of [
      ...['BW_CLIENTSECRET=', 'client_secret:', 'export BW_CLIENTSECRET=', '""', '\u200b'],
      ...['client-secret=', 'secret:', 'Client Secret:', '„“'],
    ]) {
      assert.equal(clientSecretProblem(text), 'Enter the client_secret.', text);
    }
  });

  for (const text of [
    ...[`apiKey=${secret}`, `SECRET_KEY=${secret}`, `key:${secret}`, `${secret}=`],
    ...['•'.repeat(30), `${secret}…`, `→${secret}`, 'Ａ'.repeat(30), `{"key":"${secret}"}`],
  ]) {
    it(`sends nothing that is no client_secret: ${text}`, () => {
      assert.match(clientSecretProblem(text) ?? '', /letters and digits/);
    });
  }

  it('takes a pair from the environment as it is meant', () => {
    const pair = { BW_CLIENTID: `"${clientId}"`, BW_CLIENTSECRET: `'${secret}'\n` };
    assert.deepEqual(environmentKey(pair), { kind: 'usable', clientId, clientSecret: secret });
  });

  it('takes a whole personal pair from the environment and nothing else', () => {
    const pair = { BW_CLIENTID: clientId, BW_CLIENTSECRET: 'x' };
    assert.deepEqual(environmentKey(pair), { kind: 'usable', clientId, clientSecret: 'x' });
    assert.deepEqual(environmentKey({ BW_CLIENTID: clientId }), { kind: 'none' });
    assert.deepEqual(environmentKey({ ...pair, BW_CLIENTSECRET: ' ' }), { kind: 'none' });
    assert.deepEqual(environmentKey({ ...pair, BW_CLIENTID: 'organization.1' }), { kind: 'unusable' });
  });
});

describe('Text from outside', () => {
  it('cannot become markup', () => {
    assert.equal(escapeMarkdown('[a](command:b) `c` $(d) <e>'), '\\[a\\]\\(command\\:b\\) \\`c\\` \\$\\(d\\) \\<e\\>');
  });

  it('cannot become a link that runs a command', () => {
    // VS Code: src/vs/base/common/linkedText.ts
    const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
    for (const text of ['[a](command:b)', 'x [a](https://b "c") [d](file:e)', '[[a](command:b)](command:c)']) {
      assert.match(text, link);
      assert.doesNotMatch(withoutLinks(text), link);
    }
  });

  it('is drawn without icons, and otherwise as it is', () => {
    assert.equal(withoutIcons('$(bug) $(sync~spin)'), '\\$(bug) \\$(sync~spin)');
    assert.equal(withoutIcons('a=$(cat file) $()'), 'a=$(cat file) $()');
  });
});
