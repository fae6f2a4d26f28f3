import assert from 'node:assert/strict';
import { scenes, type EditorWindow, type Scene } from '../../support/window';

interface Case {
  readonly before: (at: Scene) => Promise<EditorWindow>;
  readonly action: (window: EditorWindow, at: Scene) => Promise<unknown>;
  /** What the user does in a new window, led by what it shows. */
  readonly after: (window: EditorWindow, at: Scene) => Promise<void>;
}

async function works(window: EditorWindow): Promise<void> {
  await window.unlock();
  await window.session.sync({ force: true });
  assert.equal(window.facts.problem, undefined);
  assert.equal(window.facts.dropped, undefined);
}

const cases: Readonly<Record<string, Case>> = {
  'signing in': {
    before: (at) => at.open(),
    action: ({ session }, at) => session.signIn(at.urls, at.key),
    after: async (window, at) => {
      const left = [...at.secrets.entries.keys()].filter((key) => key.includes(at.account.id));
      if (window.session.state.kind === 'signedOut') assert.deepEqual(left, [], 'nothing is stored without an account');
      if (window.session.state.kind === 'signedOut') await window.session.signIn(at.urls, at.key);
      await works(window);
    },
  },
  'signing out': {
    before: (at) => at.unlocked(),
    action: ({ session }) => session.signOut(),
    after: async (window, at) => {
      if (window.session.state.kind !== 'signedOut') await window.session.signOut();
      await at.quiet();
      assert.deepEqual(
        [...at.secrets.entries.keys()].filter((key) => key.includes(at.account.id)),
        [],
      );
      assert.ok(at.isEmpty);
      await window.session.signIn(at.urls, at.key);
      await works(window);
    },
  },
  'replacing a rejected key': {
    before: async (at) => {
      const window = await at.signedIn();
      at.server.rotateApiKey();
      at.server.expireTokens();
      await window.session.sync().catch(() => undefined);
      assert.equal(window.facts.dropped, 'keyRejected');
      return window;
    },
    action: ({ session }, at) => session.replaceClientSecret(at.account.clientSecret),
    after: async (window, at) => {
      if (window.facts.dropped) await window.session.replaceClientSecret(at.account.clientSecret);
      await works(window);
    },
  },
  'signing in again': {
    before: async (at) => {
      const window = await at.signedIn();
      at.server.clock.advance(1);
      at.server.changeSecurityStamp();
      await window.session.sync().catch(() => undefined);
      assert.equal(window.facts.dropped, 'stampChanged');
      return window;
    },
    action: ({ session }) => session.signInAgain(),
    after: async (window) => {
      await window.session.sync({ force: true }).catch(() => undefined);
      if (window.facts.dropped) await window.session.signInAgain();
      await works(window);
    },
  },
  'ending all sessions': {
    before: (at) => at.unlocked(),
    action: ({ session }, at) => session.deauthorizeSessions(at.verification()),
    after: async (window) => {
      await window.session.sync({ force: true }).catch(() => undefined);
      if (window.facts.dropped) await window.session.signInAgain();
      await works(window);
    },
  },
};

describe('a crash in the middle of', () => {
  const scene = scenes();

  for (const [what, { before, action, after }] of Object.entries(cases)) {
    it(`${what} leaves a way on, whenever it comes`, async function () {
      this.timeout(60_000);
      for (let step = 0; ; step++) {
        const at = await scene('vaultwarden');
        const window = await before(at);
        window.steps.taken.length = 0;
        window.steps.crashBefore = step;
        const died = new Promise<void>((resolve) => window.steps.onDeath(resolve));
        await Promise.race([action(window, at), died]);
        if (!window.steps.crashed) {
          assert.ok(step > 2, `${step} steps`);
          return;
        }
        await after(await at.open(), at);
      }
    });
  }
});
