// The ready-made reasons of steps 2 and 7: the twin offers what the station offers, and refuses what the station refuses.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { mockBackend } from '../src/lib/backend/mock';
import { STATUS_REASONS } from '../src/lib/backend/mock/status';
import { RETURN_REASONS } from '../src/lib/backend/mock/tables';

afterEach(() => window.history.replaceState(null, '', window.location.pathname));

/** The pairs of code and text that a function of the station lists. */
function listed(file: string, fn: string): { code: string; text: string }[] {
  const source = readFileSync(resolve(__dirname, '../../src-tauri/crates/station/src', file), 'utf8');
  const body = source.slice(source.indexOf(`fn ${fn}()`));
  const pairs = body.slice(0, body.indexOf('.into_iter()')).matchAll(/\("(\w+)", "([^"]+)"\)/g);
  return [...pairs].map(([, code, text]) => ({ code: code!, text: text! }));
}

describe('the twin', () => {
  it('has the lists of the station, word for word', () => {
    const returns = listed('requirements.rs', 'return_reasons');
    const status = listed('status/reason.rs', 'not_ready_reasons');
    expect([returns.length, status.length], 'as they stand in the sources').toEqual([9, 8]);
    expect(RETURN_REASONS).toEqual(returns);
    expect(STATUS_REASONS).toEqual(status);
  });

  it('keeps the words of a return, which goes back from steps 2, 3 and 5 and from no other', async () => {
    const backend = mockBackend();
    const { reasons } = await backend.requirements('a015');
    expect(reasons).toEqual(RETURN_REASONS);
    const back = await backend.returnToApplicant('a015', ['ktp_lama'], ' kartunya di rumah ');
    expect(back.returned?.reasons).toEqual(['KTP-el lama belum diserahkan', 'kartunya di rumah']);
    await expect(backend.returnToApplicant('a017', [], ' ')).rejects.toMatchObject({ key: 'refused_reason_missing' });
    await expect(backend.returnToApplicant('a016', ['ktp_lama'], '')).rejects.toMatchObject({
      key: 'refused_other_step',
    });
  });

  it('offers at step 7 what the word of the centre bears out, and puts no other on a letter', async () => {
    for (const [part, codes] of [
      ['', ['trouble']],
      ['none', ['not_arrived', 'trouble']],
      ['duplicate', ['duplicate', 'trouble']],
      ['unknown', ['processing', 'trouble']],
      ['stale', ['trouble', 'outdated']],
    ] as const) {
      window.history.replaceState(null, '', `?part=${part}`);
      const backend = mockBackend();
      const { reasons } = await backend.statusCheck('a016');
      expect(
        reasons.map((one) => one.code),
        part,
      ).toEqual(codes);
      for (const { code, text } of STATUS_REASONS) {
        const told = backend.tellApplicant('a016', `${text} sejak pagi`);
        if ((codes as readonly string[]).includes(code)) expect((await told).told, part).toContain(text);
        else await expect(told, `${part} ${code}`).rejects.toMatchObject({ key: 'reason_untrue' });
      }
    }
  });
});
