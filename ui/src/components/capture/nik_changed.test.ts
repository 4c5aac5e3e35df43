// Another NIK in the form than that of the recording: nothing goes on until somebody says whose recording it is.
import { waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { t } from './kit';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see, type } from '../../../tests/window';

eachBeginsAtTheQueue();

it('a recording under another NIK waits for the reason, whatever part is on', async () => {
  history.replaceState(null, '', '?part=nik_changed');
  open();
  await see('page-queue');
  router.go('capture', 'a016');
  const page = await see('page-capture-nik-changed');
  expect(page.textContent).toContain(t('capture.notice.nik_changed'));
  expect(page.textContent, 'what is safe').toContain(t('capture.notice.nik_changed.safe'));
  expect(page.querySelector('img'), 'the photograph to hold against the person').not.toBeNull();
  expect(get('same')?.getAttribute('aria-disabled'), 'no answer without a reason').toBe('true');
  press('Enter');
  press('F8');
  expect(get('page-capture-nik-changed'), 'nor by a key').not.toBeNull();
  type(get('note-text')!, 'NIK salah ketik');
  await waitFor(() => expect(get('same')?.getAttribute('aria-disabled')).not.toBe('true'), PATIENCE);
  get('same')!.click();
  await waitFor(() => expect(get('page-capture-nik-changed')).toBeNull(), PATIENCE);
});

it('and is not answered by Enter, which opened the visit, with words that somebody else left there', async () => {
  history.replaceState(null, '', '?part=nik_changed');
  const backend = open();
  const answers: unknown[][] = [];
  const { answerNotice } = backend;
  backend.answerNotice = (...args) => (answers.push(args), answerNotice(...args));
  await see('page-queue');
  await backend.saveDraft('a016', 'notice_answer', 'nik_changed', 'NIK salah ke');
  router.go('capture', 'a016');
  await see('page-capture-nik-changed');
  const field = () => get('note-text') as HTMLTextAreaElement;
  await waitFor(() => expect(field().value).toBe('NIK salah ke'), PATIENCE);
  await waitFor(() => expect(get('same')?.getAttribute('aria-disabled')).not.toBe('true'), PATIENCE);
  const enter = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true });
  field().dispatchEvent(enter);
  expect(enter.defaultPrevented, 'nor is it another line').toBe(true);
  // Where the answer was begun it is given by then.
  await new Promise((over) => setTimeout(over, 50));
  expect(answers).toEqual([]);
  press('F8');
  await waitFor(() => expect(get('page-capture-nik-changed')).toBeNull(), PATIENCE);
  expect(answers).toEqual([['a016', 'nik_changed', 'NIK salah ke']]);
});
