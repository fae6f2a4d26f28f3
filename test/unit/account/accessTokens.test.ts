import assert from 'node:assert/strict';
import nodeFetch from 'node-fetch';
import { clientIdentity } from '../../../src/bitwarden/http/clientIdentity';
import type { Fetch } from '../../../src/bitwarden/http/fetch';
import { HttpClient } from '../../../src/bitwarden/http/client';
import { RateLimitedError, UnauthorizedError } from '../../../src/bitwarden/errors';
import { AccessTokens } from '../../../src/account/accessTokens';
import { Records } from '../../../src/account/storage/records';
import { misbehaviours, rateLimited } from '../../server/misbehaviours';
import { Steps } from '../../support/steps';
import { until } from '../../support/until';
import { dialects, scenes } from '../../support/window';

describe('the access token', () => {
  const scene = scenes();

  for (const dialect of dialects) {
    describe(dialect, () => {
      const lifetimeMinutes = dialect === 'official' ? 60 : 120;

      it('is shared by ten windows that start at once', async () => {
        const at = await scene(dialect, { server: { rateLimits: true } });
        await at.signedIn();
        const windows = await Promise.all(Array.from({ length: 10 }, () => at.open()));
        await Promise.all(windows.map(({ session }) => session.sync({ force: true })));
        assert.equal(at.signIns, 1);
      });

      it('is renewed once for ten windows that find it expired at once', async () => {
        const at = await scene(dialect, { server: { rateLimits: true } });
        await at.signedIn();
        at.pass(lifetimeMinutes + 1);
        at.server.requests.clear();
        const windows = await Promise.all(Array.from({ length: 10 }, () => at.open()));
        await Promise.all(windows.map(({ session }) => session.sync({ force: true })));
        assert.equal(at.signIns, 1);
      });

      it('is renewed once when the server refuses it in ten windows at once', async () => {
        const at = await scene(dialect, { server: { rateLimits: true } });
        await at.signedIn();
        at.server.expireTokens();
        at.server.requests.clear();
        const windows = await Promise.all(Array.from({ length: 10 }, () => at.open()));
        await Promise.all(windows.map(({ session }) => session.sync({ force: true })));
        assert.equal(at.signIns, 1);
      });

      it('is renewed five minutes before it ends, not earlier', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        at.clock.advance((lifetimeMinutes - 5) * 60_000 - 1000);
        await window.session.sync();
        assert.equal(at.signIns, 1);
        at.clock.advance(1000);
        await window.session.sync();
        assert.equal(at.signIns, 2);
        await window.session.sync();
        assert.equal(at.signIns, 2);
      });

      it('is renewed once per call when the server refuses every token', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        at.server.requests.clear();
        at.server.faults.arm(/ \/api\//, misbehaviours.unauthorized);
        await assert.rejects(window.session.sync(), UnauthorizedError);
        assert.equal(at.signIns, 1);
        assert.equal(at.server.requests.count('/api/accounts/revision-date'), 2);
        assert.equal(window.facts.dropped, undefined);
        window.is('locked');
      });

      it('is not asked for again, in any window, while the server says that it was too often', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        const other = await at.open();
        at.pass(lifetimeMinutes);
        at.server.requests.clear();
        at.server.faults.arm('/identity/connect/token', rateLimited(dialect === 'official' ? 90 : undefined), 1);
        for (let attempt = 0; attempt < 5; attempt++) {
          await assert.rejects(window.session.sync(), RateLimitedError);
        }
        const later = await at.open();
        for (const { session } of [other, later]) await assert.rejects(session.sync(), RateLimitedError);
        assert.equal(at.signIns, 1);
        assert.equal(window.facts.dropped, undefined);
        at.clock.advance(91_000);
        for (const { session } of [later, other, window]) await session.sync();
        assert.equal(at.signIns, 2);
        assert.equal(window.facts.problem, undefined);
      });

      it('is asked for again when the clock was put back while the server wanted a rest', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        at.pass(lifetimeMinutes);
        at.server.faults.arm('/identity/connect/token', rateLimited(90), 1);
        await assert.rejects(window.session.sync(), RateLimitedError);
        at.clock.putBack(2 * 24 * 60 * 60_000);
        await (await at.open()).session.sync();
        assert.equal(at.signIns, 3);
      });

      for (const [what, fault] of Object.entries({
        'a proxy forbids it': misbehaviours.proxyForbids,
        'the server fails': misbehaviours.serverError,
        'a captive portal answers': misbehaviours.loginPage,
        'the connection breaks': misbehaviours.drop,
        'the answer is cut off': misbehaviours.cutOff,
        'the answer is empty': misbehaviours.emptyBody,
      })) {
        it(`is missing for the moment, and the account stays, when ${what}`, async () => {
          const at = await scene(dialect);
          const window = await at.unlocked();
          at.pass(lifetimeMinutes);
          const broken = at.server.faults.arm('/identity/connect/token', fault);
          await assert.rejects(window.session.sync());
          assert.notEqual(window.facts.problem, undefined);
          assert.equal(window.facts.dropped, undefined);
          window.is('unlocked');
          broken.remove();
          await window.session.sync();
          assert.equal(window.facts.problem, undefined);
        });
      }

      it('is of the account that is signed in, whatever was under way for the one before', async () => {
        const at = await scene(dialect);
        const window = await at.signedIn();
        at.pass(lifetimeMinutes);
        const held = at.server.faults.arm('/identity/connect/token', misbehaviours.holdAnswer, 1);
        const late = window.session.sync().catch((error: unknown) => error);
        await held.arrived();
        await window.session.signOut();
        const signingIn = window.session.signIn(at.urls, at.key);
        held.release();
        await Promise.all([signingIn, late]);
        await window.session.sync({ force: true });
        assert.equal(window.facts.problem, undefined);
        window.is('locked');
      });
    });
  }

  it('goes to the server that gave it, though another account’s renewal is still under way', async () => {
    const [a, b] = [await scene('official'), await scene('vaultwarden')];
    const steps = new Steps();
    const records = new Records(a.secrets.view(steps), a.files.view(steps), a.clock);
    const connect = (deviceIdentifier: string) =>
      Promise.resolve(new HttpClient(nodeFetch as Fetch, clientIdentity('linux', deviceIdentifier)));
    const tokens = new AccessTokens(records, a.files.view(steps), a.clock, connect, () => Promise.resolve());
    for (const { account, urls, key } of [a, b]) {
      const named = { id: account.id, userId: account.id, keyId: account.id };
      await records.create({ ...key, ...named, email: 'a@b.test', servers: urls, hasMasterPassword: true });
    }
    const held = a.server.faults.arm('/identity/connect/token', misbehaviours.hold);
    const use = (id: string) => tokens.use(id, (api) => api.accounts.getRevisionDate());
    const calls = () => [a, b].map(({ server }) => server.requests.count('/api/accounts/revision-date'));
    const first = use(a.account.id);
    await until('the renewal is sent', () => a.signIns === 1);
    await use(b.account.id);
    assert.deepEqual(calls(), [0, 1]);
    held.remove();
    await first;
    assert.deepEqual(calls(), [1, 1]);
    assert.deepEqual([a.signIns, b.signIns], [1, 1], 'each took the token of its own server');
  });
});
