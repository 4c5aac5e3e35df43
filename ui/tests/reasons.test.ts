// The ready-made reasons of steps 2, 4 and 7: the twin offers what the station offers, and refuses what the station refuses.
// And why a card cannot be asked for at step 6: whose request stands in the way.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { mockBackend } from '../src/lib/backend/mock';
import { fresh } from '../src/lib/backend/mock/capture_state';
import { STATUS_REASONS } from '../src/lib/backend/mock/status';
import { RETURN_REASONS } from '../src/lib/backend/mock/tables';
import { PATIENCE, eachBeginsAtTheQueue, get, open, see } from './window';

eachBeginsAtTheQueue();
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

  it('has the exceptions of the station in their order, and asks for the same photographs', () => {
    const source = readFileSync(resolve(__dirname, '../../src-tauri/crates/station/src/capture/exceptions.rs'), 'utf8');
    const list = source.slice(source.indexOf('const REASONS'), source.indexOf('fn reasons('));
    const rows = [...list.matchAll(/\("(\w+)", ReasonPart::(\w+), "([^"]+)"\)/g)];
    const [, asked] = /photo: part == ReasonPart::Finger && matches!\(code, ([^)]+)\)/.exec(source)!;
    const station = rows.map(([, code, part, label]) => ({
      part: part!.toLowerCase(),
      code,
      label,
      photo: part === 'Finger' && asked!.includes(`"${code}"`),
    }));
    expect(station.length, 'as they stand in the source').toBe(14);
    expect(fresh().exceptionReasons).toEqual(station);
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

  it('changes no data away from home, and goes on with those of the record', async () => {
    const backend = mockBackend();
    const refused = backend.chooseSource('a015', 'alamat', 'form', '');
    await expect(refused).rejects.toMatchObject({ key: 'refused_kind_changes_no_data' });
    for (const row of (await backend.verification('a015')).rows.filter((one) => one.result === 'differs'))
      await backend.chooseSource('a015', row.unsur, 'record', '');
    expect((await backend.verification('a015')).open).toBe(0);
    const corrected = await backend.chooseSource('a014', 'alamat', 'form', '');
    expect(corrected.rows.find((one) => one.unsur === 'alamat')?.result, 'of another kind').toBe('form');
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

describe('another request of the same person', () => {
  const running = { key: 'running_request', args: { ticket: 'A-007' } };
  const named = t('why.running_request', running.args);

  it('is named by its number beside the condition and beside the button', async () => {
    router.go('print_request', 'a016');
    const backend = open();
    const printRequest = backend.printRequest.bind(backend);
    backend.printRequest = async (id) => {
      const seen = await printRequest(id);
      const lines = seen.lines.map((line) =>
        line.condition === 'one_request' ? { ...line, state: 'unmet' as const, why: running } : line,
      );
      return { ...seen, lines, canRequest: false, why: running };
    };
    expect((await see('condition-one_request')).textContent).toContain(named);
    expect(document.getElementById('why')?.textContent).toContain(named);
    expect(named).toContain('A-007');
  });

  it('that was made meanwhile is told in three parts with its number', async () => {
    router.go('print_request', 'a016');
    const backend = open();
    const refused = { code: 'refused', key: 'refused_running_request', tone: 'hold', args: running.args };
    backend.submitPrintRequest = () => Promise.reject(refused);
    await see('conditions');
    await waitFor(() => expect(get('primary')?.ariaDisabled, 'it may be asked for').not.toBe('true'), PATIENCE);
    get('primary')!.click();
    const told = (await see('problem')).textContent ?? '';
    const next = t('errors.refused_running_request.next', running.args);
    for (const part of [named, t('errors.refused_running_request.safe'), next]) expect(told).toContain(part);
    expect(next).toContain('A-007');
  });
});
