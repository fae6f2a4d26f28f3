import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import { safeEnding, safeFileName } from '../../../src/base/fileName';

describe('names of files from outside', () => {
  const cases: readonly (readonly [given: string, made: string])[] = [
    ['report.pdf', 'report.pdf'],
    ['ünïcödé 🔑 日本.tar.gz', 'ünïcödé 🔑 日本.tar.gz'],
    ['.env', '.env'],
    ['../../.ssh/authorized_keys', '.._.._.ssh_authorized_keys'],
    ['..\\..\\evil.bat', '.._.._evil.bat'],
    ['/etc/passwd', '_etc_passwd'],
    ['C:\\Windows\\system.ini', 'C_Windows_system.ini'],
    ['file.txt:stream', 'file.txt_stream'],
    ['..', 'attachment'],
    ['.', 'attachment'],
    ['', 'attachment'],
    [' \t\n', 'attachment'],
    ['///', 'attachment'],
    ['a\0b\nc\u0085d\u2028e', 'a_b_c_d_e'],
    ['invoice\u202ecod.exe', 'invoicecod.exe'],
    ['\u2066\u200fx\u061c.txt', 'x.txt'],
    ['CON', '_CON'],
    ['con.txt', '_con.txt'],
    ['nul .tar.gz', '_nul .tar.gz'],
    ['COM1', '_COM1'],
    ['lpt².log', '_lpt².log'],
    ['CONIN$', '_CONIN$'],
    ['console.log', 'console.log'],
    ['COM10', 'COM10'],
    ['name. . .', 'name'],
    ['  name', 'name'],
    ['a<b>c|d?e*f"g', 'a_b_c_d_e_f_g'],
    ['\ud800x', '\ufffdx'],
  ];
  for (const [given, made] of cases) {
    it(`${JSON.stringify(given)} becomes ${JSON.stringify(made)}`, () => {
      assert.equal(safeFileName(given, 'attachment'), made);
    });
  }

  it('are short enough, with their ending, and end with no character cut in two', () => {
    for (const name of [`${'x'.repeat(5000)}.pdf`, `${'🔑'.repeat(300)}.pdf`, `${'é'.repeat(300)}.pdf`]) {
      const made = safeFileName(name, 'attachment');
      assert.ok(Buffer.byteLength(made) <= 200 && Buffer.byteLength(made) > 190, made);
      assert.ok(made.endsWith('.pdf') && made.isWellFormed());
    }
    assert.ok(Buffer.byteLength(safeFileName(`a.${'x'.repeat(5000)}`, 'attachment')) <= 200);
    assert.ok(!safeFileName(`${'x'.repeat(199)} . y`, 'attachment').endsWith(' '));
  });

  it('are one plain name on every system, whatever they were', () => {
    for (let code = 0; code < 0x3000; code++) {
      const made = safeFileName(`..${String.fromCharCode(code)}..${String.fromCharCode(code)}a`, 'attachment');
      for (const path of [posix, win32]) {
        assert.equal(path.basename(made), made, code.toString(16));
        assert.equal(path.normalize(made), made, code.toString(16));
      }
    }
  });

  it('have an ending of letters and digits, or none', () => {
    assert.deepEqual(
      ['a.pdf', 'a.tar.gz', 'a', 'a.', 'a.p/f', `a.${'x'.repeat(11)}`, 'a.\u202efdp', '.env'].map(safeEnding),
      ['.pdf', '.gz', '', '', '', '', '', '.env'],
    );
  });
});
