// What a screen says beside a key is what that key does here, once, and in the tone that it has.
import { cleanup, render, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mockBackend } from '../src/lib/backend/mock';
import PrintPair from '../src/components/capture/PrintPair.svelte';
import Recovery from '../src/routes/setup/Recovery.svelte';
import { router, type Screen } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see } from './window';

eachBeginsAtTheQueue();
afterEach(() => vi.restoreAllMocks());

async function at(screen: Screen, id?: string, part = '', scene = ''): Promise<ReturnType<typeof open>> {
  history.replaceState(null, '', `?part=${part}`);
  const backend = open(scene);
  await see('page-queue');
  router.go(screen, id);
  return backend;
}

describe('a key that means something else here', () => {
  it('F6 of a card that the centre withdrew is not said to be for wrong data', async () => {
    await at('handover', 'a016');
    expect((await see('judged-hint')).textContent).toContain(t('handover.judged_wrong'));
    cleanup();
    await at('handover', 'a016', 'withdrawn');
    expect((await see('judged-hint')).textContent).not.toContain('F6');
  });

  it('step 8 does not ask for the pickup slip that step 7 gave', async () => {
    await at('print', 'a016');
    expect((await see('status-do')).textContent).toContain(t('status.print_ready_record.do_print'));
    cleanup();
    await at('status', 'a016');
    expect((await see('status-do')).textContent).toContain(t('status.print_ready_record.do'));
  });

  it('an open question about fingers is not called complete', async () => {
    history.replaceState(null, '', '?part=notice');
    const backend = open();
    const capture = backend.capture.bind(backend);
    backend.capture = async (id) => {
      const c = await capture(id);
      return { ...c, slaps: c.slaps.map((s) => ({ ...s, state: 'done' as const })) };
    };
    await see('page-queue');
    router.go('capture', 'a016');
    await see('page-capture-fingers');
    await waitFor(() => expect(get('fingers-next'), 'all are taken').not.toBeNull(), PATIENCE);
    expect(document.getElementById('why')!.textContent).toBe(t('capture.fingers.why.notice'));
  });
});

describe('one deed has one button', () => {
  it('an empty queue opens an application by its primary button, and F2 still does', async () => {
    await at('queue', undefined, '', 'empty');
    await waitFor(() => expect(get('action-new')).toBeNull(), PATIENCE);
    expect(get('primary')!.textContent).toContain(t('queue.new'));
    press('F2');
    await see('open-dialog');
  });

  it('a status that is too old is asked for again by the primary button, and F3 still does', async () => {
    const backend = await at('status', 'a016', 'stale');
    await waitFor(() => expect(get('primary')?.textContent).toContain(t('status_page.refresh')), PATIENCE);
    expect(get('action-refresh')).toBeNull();
    const asked = vi.spyOn(backend, 'refreshStatus');
    press('F3');
    await waitFor(() => expect(asked).toHaveBeenCalledTimes(1), PATIENCE);
  });
});

describe('what a choice means', () => {
  it('stands on each of the four results of a card', async () => {
    await at('print', 'a016', 'unknown_print');
    for (const one of ['printed', 'spoiled', 'not_found', 'not_printed'] as const)
      expect((await see(`result-${one}`)).textContent).toContain(t(`card.result.${one}.hint`));
  });

  it('lateness is amber, never red', async () => {
    await at('sync');
    await see('outbox');
    press('F7');
    const dialog = await see('reconciliation-dialog');
    await waitFor(() => expect(dialog.textContent).toContain(t('sync.recon_late')), PATIENCE);
    expect(dialog.querySelectorAll('tr.late .tag.hold, tr.late .hold').length).toBeGreaterThan(0);
    expect(dialog.querySelector('.bad'), 'nothing is broken').toBeNull();
  });

  it('the recovery dialog asks for what the chosen way needs', async () => {
    open('locked');
    await see('page-signin');
    press('F8');
    await see('recover-dialog');
    const why = () => get('recover-dialog')!.querySelector('.why')?.textContent;
    await waitFor(() => expect(why()).toBe(t('staff.recover_why_code')), PATIENCE);
    get('radio-recover-by-key')!.click();
    await waitFor(() => expect(why()).toBe(t('staff.recover_why_key')), PATIENCE);
  });

  it('suspending says whom in its title, and what on its button', async () => {
    open();
    await see('page-queue');
    press('u', { altKey: true });
    await see('staff-table');
    press('ArrowDown');
    await waitFor(() => expect(get('officer-dewi')!.className).toContain('sel'), PATIENCE);
    press('F6');
    const dialog = await see('staff-dialog');
    expect(dialog.textContent).toContain(`${t('staff.suspend')} Dewi Anggraini`);
    expect(
      get('dialog-primary')!
        .textContent!.replace(/Enter|⏎/, '')
        .trim(),
    ).toBe(t('staff.suspend'));
  });
});

describe('the recovery code at the first start', () => {
  const recovery = { groups: ['K7QM', '9RTA', '4WXE', 'VE8B'], ask: [1, 3], proved: false, districtKey: false };

  it('marks a place as there only when it is, and a group that fits', async () => {
    const { rerender } = render(Recovery, { recovery: recovery as never, answers: ['', ''] });
    expect(get('recovery-district')!.className, 'nothing of the district yet').not.toContain('ok');
    get('recovery-noted')!.click();
    await see('recovery-answer-0');
    expect(get('recovery-fits-0'), 'nothing was typed').toBeNull();
    await rerender({ recovery: { ...recovery, districtKey: true } as never, answers: ['9rta', 'VE8X'] });
    await see('recovery-fits-0');
    expect(get('recovery-fits-1'), 'another group').toBeNull();
    expect(get('recovery-district')!.className).toContain('ok');
  });
});

describe('two prints side by side', () => {
  it('have their labels at the foot where there is no room beside the print', async () => {
    const sides = (n: string) => ({ title: n, id: null, alt: n, foot: '12-03-2021' });
    const props = { backend: mockBackend(''), sides: [sides('Rekaman'), sides('Sekarang')] as never, height: 150 };
    const drawn = (high: number) => vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(high);
    drawn(180);
    const roomy = render(PrintPair, props);
    await waitFor(() => expect(roomy.container.querySelectorAll('em').length).toBe(2), PATIENCE);
    cleanup();
    drawn(104);
    const low = render(PrintPair, props);
    await waitFor(
      () => expect(low.container.querySelectorAll('em').length, 'nothing lies on the print').toBe(0),
      PATIENCE,
    );
    expect(low.container.querySelector('small')!.textContent!.replace(/\s+/g, ' ').trim()).toBe('Rekaman 12-03-2021');
  });
});
