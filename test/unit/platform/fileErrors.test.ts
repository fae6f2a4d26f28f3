import assert from 'node:assert/strict';
import { patiently } from '../../../src/platform/fileErrors';

describe('Patience with Windows', () => {
  const refusing = (code: string, times: number) => {
    let left = times;
    return () => (left-- > 0 ? Promise.reject(Object.assign(new Error(code), { code })) : Promise.resolve('done'));
  };

  it('outlasts a file that another program has open', async () => {
    for (const code of ['EPERM', 'EACCES', 'EBUSY']) assert.equal(await patiently(refusing(code, 3), 'win32'), 'done');
  });

  it('ends', async () => {
    await assert.rejects(patiently(refusing('EBUSY', Infinity), 'win32'), { code: 'EBUSY' });
  });

  it('is for that alone', async () => {
    await assert.rejects(patiently(refusing('ENOSPC', 1), 'win32'), { code: 'ENOSPC' });
    await assert.rejects(patiently(refusing('EPERM', 1), 'linux'), { code: 'EPERM' });
  });
});
