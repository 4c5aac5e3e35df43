// The opening of an application and its checklist in jsdom with the twin: what is renewed, and where the applicant comes from.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see } from './window';

eachBeginsAtTheQueue();

describe('an application for a new photo or signature', () => {
  it('asks what is renewed, and by a key opens one for that alone', async () => {
    const backend = open();
    await see('page-queue');
    const asked: string[] = [];
    const renewal = backend.openRenewal.bind(backend);
    backend.openRenewal = (what) => (asked.push(what), renewal(what));
    press('F2');
    await see('open-dialog');
    await see('kind-baru_wni');
    expect(get('renews-both'), 'asked of no other kind').toBeNull();
    get('kind-foto_tanda_tangan')!.click();
    const both = (await see('renews-both')) as HTMLInputElement;
    expect(both.checked, 'both, until it is said').toBe(true);
    press('F4');
    await waitFor(() => expect((get('renews-signature') as HTMLInputElement).checked).toBe(true), PATIENCE);
    press('F3');
    await waitFor(() => expect((get('renews-portrait') as HTMLInputElement).checked).toBe(true), PATIENCE);
    get('dialog-primary')!.click();
    await see('page-form');
    expect(asked).toEqual(['portrait']);
  });
});

describe('the papers of somebody who moves in', () => {
  it('are others from abroad, and what only the other list asks for is handed back', async () => {
    const backend = open();
    await see('page-queue');
    const { id } = await backend.open('pindah_datang_wni');
    const seen = await backend.requirements(id);
    await backend.setRequirement(id, seen.items[1]!.id, true);
    router.go('requirements', id);
    expect((await see('action-abroad')).textContent).toContain(t('requirements.from_abroad'));
    expect(get('page-requirements')!.textContent).toContain('Surat keterangan pindah');
    press('F6');
    await see('from-abroad');
    expect(get('page-requirements')!.textContent, 'the papers of the mission').toContain('SKP dari Perwakilan RI');
    const now = await backend.requirements(id);
    expect(now.fromAbroad).toBe(true);
    expect(now.items.every((one) => one.state === 'missing')).toBe(true);
    // A key is heard once the deed of the one before is over.
    await new Promise((done) => setTimeout(done));
    press('F6');
    await waitFor(() => expect(get('from-abroad')).toBeNull(), PATIENCE);
  });

  it('are asked of no other kind', async () => {
    open();
    router.go('requirements', 'a015');
    await see('page-requirements');
    await see('papers-left');
    expect(get('action-abroad')).toBeNull();
    expect(document.body.textContent).not.toContain(t('requirements.from_abroad'));
  });
});
