import assert from 'node:assert/strict';
import { totpCode } from '../../../src/vault/totp';

/** sdk:crates/bitwarden-vault/src/totp.rs, its tests at 2023-01-01T00:00:00Z. */
const newYear = Date.UTC(2023, 0, 1);
const vectors: readonly (readonly [stored: string, code: string])[] = [
  ['WQIQ25BRKZYCJVYP', '194506'],
  ['PIUDISEQYA', '829846'],
  ['PIUDISEQYA======', '829846'],
  ['PIUD1IS!EQYA=', '829846'],
  ['steam://HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ', '7W6CJ'],
  ['steam://ABCD123', 'N26DF'],
  ['ddfdf', '932653'],
  ['HJSGFJHDFDJDJKSDFD', '000034'],
  ['xvdsfasdfasdasdghsgsdfg', '403786'],
  ['KAKFJWOSFJ12NWL', '093430'],
  ['otpauth://totp/test-account?secret=WQIQ25BRKZYCJVYP&period=60', '730364'],
  ['otpauth://totp/test-account?secret=WQIQ25BRKZYCJVYP&algorithm=SHA256', '842615'],
];

describe('TOTP', () => {
  for (const [stored, code] of vectors) {
    it(`gives ${code} for ${stored}`, () => assert.equal(totpCode(stored, newYear).code, code));
  }

  it('takes what people really store: labels with colons and blanks, lower-case secrets, spaces, unknown parameters', () => {
    const stored = [
      'otpauth://totp/Example:alice@example.com?secret=wqiq25brkzycjvyp&issuer=Example',
      'otpauth://totp/Example%3Aalice%40example.com?secret=WQIQ25BRKZYCJVYP&issuer=Other',
      'otpauth://totp/My%20Company:%20bob?secret=WQIQ%2025BR%20KZYC%20JVYP&image=https%3A%2F%2Fexample.com%2Fa.png',
      'otpauth://totp/?secret=WQIQ25BRKZYCJVYP',
      'OTPAUTH://TOTP/x?secret=WQIQ25BRKZYCJVYP&algorithm=sha1&digits=6',
      'otpauth://totp/x?secret=WQIQ25BRKZYCJVYP&algorithm=MD5',
      ...['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', '', '%00'].flatMap((odd) => [
        `otpauth://totp/x?secret=WQIQ25BRKZYCJVYP&algorithm=${odd}`,
        `otpauth://totp/x?secret=WQIQ25BRKZYCJVYP&digits=${odd}&period=${odd}&${odd}=1`,
      ]),
      ...['NaN', '-1', '1e3', 'Infinity', '6.5'].map(
        (odd) => `otpauth://totp/x?secret=WQIQ25BRKZYCJVYP&digits=${odd}&period=${odd}`,
      ),
      '  wqiq 25br-kzyc jvyp  ',
    ];
    for (const text of stored) assert.equal(totpCode(text, newYear).code, '194506', text);
  });

  it('says how long the code is still good', () => {
    assert.deepEqual(totpCode('WQIQ25BRKZYCJVYP', newYear + 12_300), {
      code: '194506',
      secondsLeft: 18,
      period: 30,
    });
  });

  for (const stored of [
    '',
    '1890',
    'otpauth://hotp/x?secret=WQIQ25BRKZYCJVYP&counter=1',
    'otpauth://totp/x',
    'steam://',
  ]) {
    it(`refuses "${stored}" without repeating it`, () => {
      assert.throws(() => totpCode(stored, newYear), { name: 'TotpFormatError', message: 'not a TOTP secret' });
    });
  }
});
