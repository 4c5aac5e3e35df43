// Once the permit to sign in without the centre is over: whoever signs in comes to the exchange, and to nothing else, until
// the centre is heard.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

describe('a permit that is over', () => {
  it('is told at the sign-in page, where the password opens the page of the exchange', async () => {
    open('permit-locked');
    await see('page-signin');
    expect((await see('lease-over')).textContent).toMatch(/habis.*Ketik kata sandi.*Kurir USB/s);
    const page = get('page-signin')!.textContent;
    expect(page, 'no day is left of it').toContain(t('signin.lease_over'));
    expect(page, 'nobody comes back to the same step').not.toMatch(/hari lagi|langkah yang sama/);
    type('password', 'sandi-yang-benar');
    await waitFor(() => expect(get('primary')?.getAttribute('aria-disabled')).not.toBe('true'), PATIENCE);
    press('Enter');
    await see('page-sync');
    expect((await see('exchange-only')).textContent).toMatch(/tetap utuh.*Sambungkan jaringan/s);
  });

  it('leads to no other page, by key, by menu or by the strip, and Esc locks', async () => {
    const queue = vi.spyOn(open('permit'), 'queue');
    await see('page-sync');
    await see('sync-line');
    expect(get('menu-queue'), 'no menu').toBeNull();
    for (const key of ['a', 'r', 'b', '3', '5']) press(key, { altKey: true });
    expect(router.screen, 'the keys of the menu open nothing').toBe('sync');
    expect(queue, 'and nobody who waits was read').not.toHaveBeenCalled();
    press('Escape');
    await see('page-signin');
  });

  it('ends with the answer that a stick brings, and the page says until when work goes on', async () => {
    open('permit');
    await see('page-sync');
    await see('outbox');
    expect(get('exchange-only')?.textContent).toContain(t('sync.only.happened'));
    press('F9');
    const folder = (await see('courier-folder')) as HTMLInputElement;
    await waitFor(() => expect(folder.value).not.toBe(''), PATIENCE);
    press('F8');
    await see('courier-done');
    press('Escape');
    await gone('courier-dialog');
    expect((await see('exchange-done')).textContent).toMatch(/Pusat sudah menjawab.*berlaku lagi sampai/s);
    expect(get('exchange-only')).toBeNull();
    await see('menu-queue');
    press('Escape');
    await see('page-queue');
    await see('ticket');
  });
});

describe('a stick with nothing to carry', () => {
  it('asks for the centre’s word all the same', async () => {
    open('empty');
    await see('page-queue');
    router.go('sync');
    await see('outbox');
    press('F9');
    const folder = (await see('courier-folder')) as HTMLInputElement;
    await waitFor(() => expect(folder.value).not.toBe(''), PATIENCE);
    expect(get('courier-dialog')?.textContent).toMatch(/membawa pertanyaan/);
    press('Enter');
    await waitFor(() => expect(get('courier-done')?.textContent).toMatch(/Pertanyaan ke pusat ditulis/), PATIENCE);
  });
});
