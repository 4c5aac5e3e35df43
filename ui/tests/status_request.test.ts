import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import StatusBrief from '../src/components/print/StatusBrief.svelte';
import { mockBackend } from '../src/lib/backend/mock';
import type { Status } from '../src/lib/backend/contract';
import { t } from '../src/lib/shared/strings.svelte';

const now = { raw: 'X', source: 'centre', asOf: '2026-11-23T10:00:00Z', ageSeconds: 1, freshness: 'fresh' };

/** What step 7 tells the officer to do at this status, with the request of step 6 standing there. */
async function toDo(key: string, request: Status['request']): Promise<string> {
  const status = await mockBackend().statusCheck('a016');
  const shown = render(StatusBrief, { status: { ...status, request, now: { ...now, key } as never } });
  const text = screen.getByTestId('status-do').textContent.trim();
  shown.unmount();
  return text;
}

it('a request that opens a reprint says so where a card is out, and nobody is sent to the centre by hand', async () => {
  for (const key of ['card_issued', 'card_printed', 'card_shipped'] as const) {
    expect(await toDo(key, 'waiting'), key).toBe(t('status_page.request.waiting'));
    expect(await toDo(key, 'taken'), key).toBe(t('status_page.request.taken'));
    expect(await toDo(key, null), `${key}: without one`).toBe(t(`status.${key}.do`));
  }
  expect(await toDo('print_ready_record', 'taken'), 'ready is ready').toBe(t('status.print_ready_record.do'));
});

it('what the centre answered to the request is said whatever the status is', async () => {
  for (const key of ['card_issued', 'print_ready_record', 'received_at_central']) {
    expect(await toDo(key, 'elsewhere'), key).toBe(t('status_page.request.elsewhere'));
    expect(await toDo(key, 'refused'), key).toBe(t('status_page.request.refused'));
  }
});

it('a clock that is behind the word of the centre is said, and what to do about it', async () => {
  const status = await mockBackend().statusCheck('a016');
  const behind = { ...now, key: 'print_ready_record', freshness: 'clock_behind' };
  render(StatusBrief, { status: { ...status, request: null, now: behind as never } });
  expect(screen.getByTestId('status-age').textContent).toContain(t('status_page.freshness.clock_behind'));
  expect(screen.getByTestId('status-do').textContent.trim()).toBe(t('status_page.clock_behind_do'));
});
