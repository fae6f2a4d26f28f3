import assert from 'node:assert/strict';
import { printable } from '../../../src/base/printable';
import { parseClientId } from '../../../src/bitwarden/api/identity';
import { ServerUrlError } from '../../../src/bitwarden/errors';
import { parseRefusal, refusalError } from '../../../src/bitwarden/http/failures';
import { RateLimits } from '../../../src/bitwarden/http/rateLimits';
import { parseServerUrl, resolveServer } from '../../../src/bitwarden/http/servers';
import { defaultOptions, parseOptions } from '../../../src/generate/options';
import { parseRecord } from '../../../src/ui/clipboard/copiedText';
import { folderArgument, rowArgument } from '../../../src/ui/commands/rowArgument';
import { parseServerChoice } from '../../../src/ui/signIn/lastServer';
import { pastedKey, pastedPair } from '../../../src/ui/signIn/keyText';
import { escapeMarkdown, withoutIcons, withoutLinks } from '../../../src/ui/untrustedText';
import { gitConfig } from '../../../src/ui/workspace/gitConfig';
import { hostOfRemote, remoteHosts } from '../../../src/ui/workspace/gitRemotes';
import { TotpFormatError } from '../../../src/vault/errors';
import { hostsOf, parseQuery } from '../../../src/vault/search/query';
import { totpCode } from '../../../src/vault/totp';
import { looksLikeAddress, webAddress } from '../../../src/vault/webAddress';
import { anyText, fuzz, type Parser } from '../../support/fuzz';

const ofText = (parse: (text: string) => unknown, throws: Parser['throws'] = []): Parser => ({
  parse: (input) => parse(anyText(input)),
  throws,
});

describe('Fuzzed: text from outside', () => {
  const addresses = [
    ...['https://user:pass@vault.example:8443/base/?q#f', 'http://localhost:8000', 'vault.bitwarden.com', '[::1]:80/x'],
    ...[
      'https://xn--e1afmkfd.example',
      'androidapp://com.example',
      '^https?://.*\\.example',
      'k8s.home2:443',
      '10.0.0.1',
    ],
    ...['git@github.com:owner/name.git', 'ssh://git@ssh.github.com:443/owner/name', 'ext::sh -c x', 'C:\\path'],
  ];
  fuzz('addresses', () => addresses, {
    parseServerUrl: ofText(parseServerUrl, [ServerUrlError]),
    resolveServer: ofText((base) => resolveServer({ region: 'selfHosted', base }), [ServerUrlError]),
    webAddress: ofText((text) => {
      const url = webAddress(text);
      if (url !== undefined) assert.match(url, /^https?:\/\/[^@]*$|^https?:\/\/[^/@]+\//);
      return url;
    }),
    looksLikeAddress: ofText(looksLikeAddress),
    hostsOf: ofText(hostsOf),
    hostOfRemote: ofText(hostOfRemote),
  });

  const config =
    '[core]\n\tbare = false\n[remote "origin"]\n\turl = "https://u:p@git.example:8443/x.git" ; comment\n\tpushurl = git@host.example:x\\\n.git\n[branch "main"]\n\tremote = origin\n';
  fuzz('git configurations', () => [config, 'gitdir: ../.git/worktrees/x\n', '../..\n'], {
    remoteHosts: ofText(remoteHosts),
    gitConfig: {
      parse: (input) =>
        gitConfig('/home/robin/project', {
          kind: () => Promise.resolve('file' as const),
          text: () => Promise.resolve(anyText(input)),
        }),
    },
  });

  const secrets = [
    'otpauth://totp/Issuer:robin?secret=JBSWY3DPEHPK3PXP&issuer=Issuer&algorithm=SHA512&digits=8&period=60',
    ...['steam://JBSWY3DPEHPK3PXP', 'jbsw y3dp-ehpk 3pxp', 'otpauth://hotp/x?secret=AAAA'],
  ];
  fuzz('secrets of one-time codes', () => secrets, {
    totpCode: ofText((text) => totpCode(text, 1e12), [TotpFormatError]),
  });

  const queries = [
    'is:fav folder:"Work/Ci" type:ssh github',
    'user:robin has:totp url:https://a.b.example/x',
    'org:x "open',
  ];
  fuzz('queries', () => queries, { parseQuery: ofText(parseQuery) });

  const key = 'client_id: user.0c5b1b4e-37f6-4f5e-9d3d-6a4c1d9e0f11\nclient_secret: "abcdefghijABCDEFGHIJ0123456789"';
  fuzz('pasted keys', () => [key, key.replace(/client_(id|secret): /g, ''), 'export BW_CLIENTSECRET=abc'], {
    parseClientId: ofText(parseClientId),
    pastedPair: ofText(pastedPair),
    'pastedKey, id': ofText((text) => pastedKey('id', text)),
    'pastedKey, secret': ofText((text) => pastedKey('secret', text)),
  });

  fuzz('what is shown', () => ['Näme \u202eevil\u2066 $(icon) [link](command:x) 👩‍👩‍👧 **b**', 'a'.repeat(300)], {
    printable: ofText((text) => {
      const line = printable(text);
      assert.doesNotMatch(line, /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      return line;
    }),
    escapeMarkdown: ofText(escapeMarkdown),
    withoutIcons: ofText(withoutIcons),
    withoutLinks: ofText(withoutLinks),
  });

  const options = [JSON.stringify(defaultOptions), JSON.stringify({ bits: '0101', clearAt: 5 })];
  const json = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  };
  const choice = JSON.stringify({ region: 'selfHosted', base: 'https://a.example', api: '', identity: '' });
  fuzz('what an editor has remembered', () => [...options, choice], {
    parseOptions: ofText((text) => parseOptions(json(text))),
    parseServerChoice: ofText((text) => parseServerChoice(json(text))),
    parseRecord: ofText(parseRecord),
    rowArgument: ofText((text) => [rowArgument(json(text)), folderArgument(json(text))]),
  });

  const now = 1_790_000_000_000;
  fuzz('Retry-After', () => ['120', 'Wed, 21 Oct 2026 07:28:00 GMT', '1e9'], {
    refused: ofText((text) => {
      const { retryAt } = new RateLimits(
        () => now,
        () => 0,
      ).refused('host', text);
      assert.ok(retryAt > now && retryAt <= now + 3_600_000, 'within an hour');
    }),
  });

  const refusals = [
    '{"message":"The model state is invalid.","validationErrors":{"":["Resource not found."]},"object":"error"}',
    '{"error":"invalid_client","error_description":"x","errorModel":{"message":"y"}}',
    '<html>The SSL certificate error</html>',
  ];
  fuzz('refusals', () => refusals, {
    parseRefusal: {
      parse: (input) => {
        const head = { status: 400 + (input.length % 100), challenge: input.toString('latin1', 0, 20) };
        const error = refusalError(parseRefusal(head, 'host', input), true, ['secret']);
        assert.ok(error.message.length < 300);
        return error.message;
      },
    },
  });
});
