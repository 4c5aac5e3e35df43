// Step 7 in jsdom with the twin, after a pickup slip fell: what was given before it is no outcome any more.
import { waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import type { Status } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, see } from './window';

eachBeginsAtTheQueue();

const PAPER = {
  number: 'SP/KRUI-02/2026/00412',
  documentId: 'form',
  givenAt: '2026-11-20T03:00:00Z',
  printedAt: null,
  prints: 1,
  validUntil: null,
};

/** Step 7 of a visit whose applicant was told the reason once. */
async function start(outcome: Status['outcome']): Promise<void> {
  const backend = open();
  const read = backend.statusCheck.bind(backend);
  backend.statusCheck = async (id) => ({ ...(await read(id)), outcome, toldSlip: PAPER, slip: null, suket: null });
  await see('page-queue');
  router.go('status', 'a016');
  await see('status-asked');
}

it('the paper that the applicant holds is one key away', async () => {
  await start('told');
  await waitFor(() => expect(get('action-paper')).not.toBeNull(), PATIENCE);
});

it('a paper of before the slip that fell is not offered as the outcome', async () => {
  await start('open');
  expect(get('action-paper')).toBeNull();
});
