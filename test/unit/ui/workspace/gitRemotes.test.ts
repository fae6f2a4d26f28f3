import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hostOfRemote, remoteHosts } from '../../../../src/ui/workspace/gitRemotes';
import { cases } from '../../../support/cases';

describe('The host of a git remote', () => {
  const hosts: readonly (readonly [address: string, host: string | undefined])[] = [
    ['git@github.com:northwind/app.git', 'github.com'],
    ['github.com:northwind/app.git', 'github.com'],
    ['git@GitHub.com:/northwind/app', 'github.com'],
    ['ssh://git@git.northwind.example:2222/app.git', 'git.northwind.example'],
    ['ssh://git@ssh.github.com:443/northwind/app.git', 'github.com'],
    ['git@altssh.gitlab.com:northwind/app.git', 'gitlab.com'],
    ['git+ssh://git@git.example/app', 'git.example'],
    ['git://git.example/app', 'git.example'],
    ['https://gitlab.com/northwind/app.git', 'gitlab.com'],
    ['https://robin:fake-token@git.northwind.example:8443/app.git', 'git.northwind.example:8443'],
    ['https://fake-token@dev.azure.com/northwind/_git/app', 'dev.azure.com'],
    ['http://nas.lan:3000/robin/app.git', 'nas.lan:3000'],
    ['https://github.com:443/northwind/app', 'github.com'],
    ['git@[fd00::1]:app.git', '[fd00::1]'],
    ['https://[fd00::1]:8443/app.git', '[fd00::1]:8443'],
    ['git@work:northwind/app.git', 'work'],
    ['/srv/git/app.git', undefined],
    ['../app', undefined],
    ['./a:b', undefined],
    ['C:\\git\\app', undefined],
    ['C:/git/app', undefined],
    ['file:///srv/git/app.git', undefined],
    ['ext::ssh -i key host %S app', undefined],
    ['ext::sh', undefined],
    ['codecommit::eu-central-1://app', undefined],
    ['javascript://github.com/%0aalert(1)', undefined],
    ['https://', undefined],
    ['https://git hub.com/a', undefined],
    [`https://github.com/${'a'.repeat(3_000)}`, undefined],
    ['', undefined],
    ['constructor:app', 'constructor'],
  ];
  for (const [address, host] of hosts) {
    it(`of ${address.slice(0, 70)} is ${host}`, () => assert.equal(hostOfRemote(address), host));
  }
});

describe('The hosts in a .git/config', () => {
  it('are those of the remotes, each once', () => {
    const config = `
[core]
\turl = https://not-a-remote.example/
[remote "origin"]
\turl = git@github.com:northwind/app.git
\tfetch = +refs/heads/*:refs/remotes/origin/*
\tpushurl = "https://git.northwind.example:8443/app.git" # where it is built
[REMOTE "upstream"] URL = https://github.com/other/app ; the original
[remote.old]
  url = https://codeberg.org/\\
other/app
[remote "with \\"quotes\\" ] and a bracket"]
  url = https://gitlab.com/a
[branch "main"]
\tremote = origin
[url "https://mirror.example/"]
\tinsteadOf = https://github.com/
`;
    assert.deepEqual(remoteHosts(config.replaceAll('\n', '\r\n')), [
      'github.com',
      'git.northwind.example:8443',
      'codeberg.org',
      'gitlab.com',
    ]);
  });

  it('are few, and come without what stands before them in an address, whatever is in the file', () => {
    const many = Array.from({ length: 100 }, (_, n) => `url = https://robin:fake-secret@h${n}.example/a`);
    const hosts = remoteHosts(`[remote "a"]\n${many.join('\n')}`);
    assert.equal(hosts.length, 16);
    assert.equal(hosts.join().includes('fake-secret'), false);
    const parts = fc.constantFrom(
      '[remote "a"]',
      '[',
      ']',
      '"',
      '\\',
      '\n',
      'url=',
      'https://',
      'git@',
      'u:s3cr3t@',
      'h.example',
      ':',
      '/',
      '#',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), (text) => {
        for (const host of remoteHosts(text.join(''))) assert.match(host, /^[^\s@/]+$/);
      }),
      cases(300),
    );
  });

  // Where time grew with the square of the length, each of these would take minutes, beyond Mocha's limit.
  it('are read from a file that was made to take long', () => {
    for (const piece of ['[', '[remote "', 'url = "', '\\"', ' ', '[remote "a"] url = ', '@', 'a@']) {
      remoteHosts(`[remote "a"]\nurl = ${piece.repeat(256 * 1024)}`.slice(0, 256 * 1024));
    }
    for (const line of [`[${' '.repeat(250_000)}`, `[remote${' '.repeat(250_000)}`]) remoteHosts(line);
    assert.deepEqual(remoteHosts(`${`[${' '.repeat(4_000)}\n`.repeat(60)}[remote "a"]\nurl = git@h.example:x`), [
      'h.example',
    ]);
  });
});
