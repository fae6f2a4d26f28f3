import assert from 'node:assert/strict';
import { Checkout } from '../../support/checkout';

describe('a machine where no browser can be had', () => {
  const checkout = new Checkout();

  after(() => {
    checkout.remove();
  });

  it('is told what to install', async () => {
    checkout.link('node_modules/playwright-core');
    checkout.write('node_modules/@sparticuz/chromium/package.json', '{ "version": "0.0.0" }');
    for (const program of ['.vscode-test/chromium-0.0.0/chromium', 'bin/google-chrome'])
      checkout.write(program, '#!/bin/sh\nexit 1\n');
    checkout.write('find.mjs', "import { findBrowser } from './test/support/setup/browser.mjs'; await findBrowser();");
    const { code, stdout, stderr } = await checkout.node(['find.mjs'], {
      PATH: `${checkout.folder}/bin`,
      CHROME_PATH: undefined,
    });
    assert.equal(code, 1);
    assert.match(stdout, /bin\/google-chrome is there but does not start/);
    assert.match(stderr, /Install Google Chrome, Chromium or Microsoft Edge .*apt-get install chromium.*CHROME_PATH/);
  });
});
