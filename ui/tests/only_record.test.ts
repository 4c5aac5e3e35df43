// Step 3 over the twin, where only the record has a value: it is not called the same, it is read aloud, and F6 takes it over.
import { waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see } from './window';

eachBeginsAtTheQueue();

it('names what only the record has, reads it aloud and lets it be chosen', async () => {
  const backend = open();
  const { verification, chooseSource } = backend;
  backend.verification = async (id) => {
    const seen = await verification(id);
    const rows = seen.rows.map((row) =>
      row.unsur === 'golongan_darah'
        ? { ...row, form: '', record: 'O', result: 'only_record' as const }
        : { ...row, result: 'same' as const },
    );
    return { ...seen, rows, open: 0, done: rows.length };
  };
  const asked: string[] = [];
  backend.chooseSource = async (id, unsur, source, note) => {
    asked.push(`${unsur} ${source}`);
    return chooseSource(id, unsur, source, note);
  };
  await see('page-queue');
  router.go('verification', 'a014');
  const row = await see('diff-golongan_darah');
  expect(row.textContent).toContain(t('verification.only_record'));
  expect(row.textContent).not.toContain(t('verification.same'));
  expect(get('diff-open'), 'nobody has to choose').toBeNull();

  press('F9');
  const aloud = await see('read-aloud');
  const read = [...aloud.querySelectorAll('dt')].find((one) => one.textContent === t('unsur.golongan_darah'));
  expect(read?.nextElementSibling?.textContent?.trim(), 'what will stand on the card').toBe('O');
  press('Escape');
  await gone('read-aloud');

  row.click();
  await see('choose-record');
  press('F6');
  await waitFor(() => expect(asked).toEqual(['golongan_darah record']), PATIENCE);
});
