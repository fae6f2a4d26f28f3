import assert from 'node:assert/strict';
import { neverArrived } from '../../../src/account/carriedOut';
import { LockedError, OtherAccountError, SignedOutError } from '../../../src/vault/errors';

describe('What the server has not seen', () => {
  it('is what there was no account, no token or no vault for', () => {
    for (const ErrorOf of [SignedOutError, OtherAccountError, LockedError]) {
      assert.ok(neverArrived(new ErrorOf('before the call')), ErrorOf.name);
    }
    assert.ok(!neverArrived(new Error('any')));
  });
});
