// What the desk says of the applicant's screen, over the twin: only what somebody can see.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import type { BackendEvent } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { session } from '$lib/domain/session.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see } from './window';

eachBeginsAtTheQueue();

/** Step 4 with a portrait that waits for the applicant's word. */
async function start(scene: string) {
  history.replaceState(null, '', '?part=portrait');
  const backend = open(scene);
  const opened: string[] = [];
  const { openApplicantScreen } = backend;
  backend.openApplicantScreen = () => (opened.push('opened'), openApplicantScreen());
  await see('page-queue');
  router.step('capture', 'a016');
  await see('page-capture-portrait');
  return opened;
}

describe('a hand on the screen of the applicant', () => {
  it('is told to the station, which else would lock under the pen', async () => {
    router.go('applicant');
    const backend = open();
    let told = 0;
    const { touch } = backend;
    backend.touch = () => ((told += 1), touch());
    await waitFor(() => expect(session.station?.phase).toBe('open'), PATIENCE);
    expect(told, 'nobody is there').toBe(0);
    // Hours after any hand of another test, for a hand is told once in a while only.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
    await waitFor(() => {
      document.body.dispatchEvent(new Event('pointermove', { bubbles: true }));
      expect(told).toBe(1);
    }, PATIENCE);
    vi.restoreAllMocks();
  });
});

describe('the portrait on the screen of the applicant', () => {
  it.each([
    ['approve_photo_early', 'petugas'],
    ['approve_photo', 'siti'],
  ])('of %s can be approved only once the officer has looked, and refused at once', async (part, by) => {
    history.replaceState(null, '', `?part=${part}`);
    router.go('applicant');
    const backend = open();
    const yes = vi.spyOn(backend, 'approvePortrait');
    const no = vi.spyOn(backend, 'refusePortrait');
    const button = await see('applicant-approve');
    const waits = by === 'petugas';
    expect(button.getAttribute('aria-disabled')).toBe(waits ? 'true' : null);
    expect(document.body.textContent!.includes(t('applicant.photo.early')), 'who is waited for').toBe(waits);
    button.click();
    get('applicant-refuse')!.click();
    await waitFor(() => expect(yes.mock.calls.length + no.mock.calls.length).toBeGreaterThan(0), PATIENCE);
    expect(yes.mock.calls.length, 'no yes is lost on the way').toBe(waits ? 0 : 1);
    if (waits) expect(no, 'another photo may be asked for meanwhile').toHaveBeenCalledTimes(1);
    history.replaceState(null, '', location.pathname);
  });

  it('is not said to be shown while nobody opened that screen; Alt+7 opens it', async () => {
    const opened = await start('one-screen');
    const note = await see('approval-closed');
    expect(note.textContent).toContain('belum melihat foto');
    expect(get('applicant-screen')!.textContent).toContain('belum dibuka');
    press('7', { altKey: true });
    await see('approval-waiting');
    expect(opened).toEqual(['opened']);
    await waitFor(() => expect(get('applicant-screen')!.textContent).not.toContain('belum dibuka'), PATIENCE);
    expect(get('turn-portrait'), 'no need to turn this one').toBeNull();
  });

  it('is shown on this screen when it is turned, and Esc turns it back', async () => {
    await start('one-screen');
    await see('turn-portrait');
    press('F2');
    await see('turned');
    expect(get('page-capture-portrait'), 'nothing of the desk').toBeNull();
    press('Escape');
    await gone('turned');
    await see('page-capture-portrait');
  });
});

describe('the place to sign on the screen of the applicant', () => {
  const asked = () => document.querySelector('.sign .ask')!.textContent!;

  it('says that the signature is kept, also one of the wired pad, and opens for another try', async () => {
    history.replaceState(null, '', '?part=sign');
    router.go('applicant');
    const backend = open();
    const { applicantScreen, listen } = backend;
    let tell: (event: BackendEvent) => void = () => undefined;
    backend.listen = (handler) => ((tell = handler), listen(handler));
    let signed: string | null = null;
    let id = 'a016';
    backend.applicantScreen = async () => ({ ...(await applicantScreen()), signed, id });
    const again = () => tell({ event: 'permohonan_changed', id: 'a016' });
    const says = (words: string, why = '') => waitFor(() => expect(asked(), why).toContain(words), PATIENCE);
    await says(t('applicant.sign.title'));
    signed = 's1';
    again();
    await says(t('applicant.sign.kept.title'));
    expect(asked(), 'what to do where it is not right').toContain(t('applicant.sign.kept.text'));
    const point = { x: 0.2, y: 0.1, t: 0, p: 0.5, down: true };
    const writes = () => tell({ event: 'pad_stroke', points: [point, { ...point, x: 0.3, t: 9 }] });
    writes();
    await says(t('applicant.sign.title'), 'somebody signs once more');
    signed = 's2';
    again();
    await says(t('applicant.sign.kept.title'), 'and that is kept too');
    writes();
    await says(t('applicant.sign.title'), 'a try of which nothing becomes');
    tell({ event: 'pad_stroke', points: [] });
    await says(t('applicant.sign.kept.title'), 'is wiped with it');
    writes();
    await says(t('applicant.sign.title'), 'a try that nobody ends');
    id = 'a017';
    again();
    await says(t('applicant.sign.kept.title'), 'nothing of it stands before whoever comes next');
    history.replaceState(null, '', location.pathname);
  });
});
