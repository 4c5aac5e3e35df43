// A photo that stays below the limit and a face that is never found: both go on, with a note, and the second with a witness.
import { waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { MARKS } from '../src/components/capture/marks';
import { inForce } from '../src/components/capture/portrait';
import { PATIENCE, choose, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

const off = (id: string) => get(id)!.getAttribute('aria-disabled') === 'true';
const says = (words: string) => waitFor(() => expect(document.body.textContent).toContain(words), PATIENCE);

describe('a photo that is weak', () => {
  eachBeginsAtTheQueue();
  afterEach(() => history.replaceState(null, '', location.pathname));

  async function at(part: string) {
    history.replaceState(null, '', `?part=${part}`);
    const backend = open();
    await see('page-queue');
    router.go('capture', 'a016');
    await see('page-capture-portrait');
    return backend;
  }

  it('holds the step, and goes on with F9 and a reason once the tries are made', async () => {
    const backend = await at('portrait_weak');
    const accepted = vi.spyOn(backend, 'acceptPortrait');
    await says(t('capture.portrait.missing.weak_accept', { number: '3' }));
    expect(off('portrait-next')).toBe(true);
    press('F9');
    await see('note-text');
    expect(off('note-keep'), 'not without a reason').toBe(true);
    type('note-text', 'lampu studio rusak');
    await waitFor(() => expect(off('note-keep')).toBe(false), PATIENCE);
    get('note-keep')!.click();
    await gone('note-panel');
    expect(accepted.mock.calls[0]).toEqual(['a016', 'lampu studio rusak']);
    expect(get('accept-note'), 'nothing is left to accept').toBeNull();
    expect(get('attempt-3')!.textContent, 'and what was accepted says so').toContain(t('capture.portrait.noted'));
    const mark = get('attempt-3')!.querySelector('.tag path')!.getAttribute('d');
    expect(mark, 'under the eye, as what a person decided, and not as measured').toBe(MARKS.eye);
  });

  it('that was judged beside another backdrop than is due since a correction is asked for again, and says why', async () => {
    const backend = await at('portrait_backdrop');
    await see('other-backdrop');
    const colours = { number: '3', was: 'latar merah', due: 'latar biru' };
    await says(t('capture.portrait.backdrop.detail', colours));
    await says(t('capture.portrait.missing.backdrop_accept', colours));
    expect(get('approval-approved'), 'what was approved then is not called done').toBeNull();
    expect(get('attempt-3')!.textContent).toContain(t('capture.reason.backdrop_due'));
    expect(off('portrait-next')).toBe(true);
    const accepted = vi.spyOn(backend, 'acceptPortrait');
    press('F9');
    await see('note-text');
    await says(t('capture.portrait.backdrop.note'));
    type('note-text', 'kain biru belum ada');
    await waitFor(() => expect(off('note-keep')).toBe(false), PATIENCE);
    get('note-keep')!.click();
    await waitFor(() => expect(accepted.mock.calls[0]).toEqual(['a016', 'kain biru belum ada']), PATIENCE);
    await gone('other-backdrop');
    await see('approval-approved');
  });

  it('that was judged beside another backdrop gives way to the one that is taken anew', async () => {
    await at('portrait_backdrop');
    await see('other-backdrop');
    get('take-portrait')!.click();
    await see('attempt-5');
    await gone('other-backdrop');
    expect(get('approval-waiting') ?? get('approval-closed'), 'which the applicant is asked about').not.toBeNull();
  });

  it('is cut by hand out of a still in which no face is found, before a second officer', async () => {
    const backend = await at('portrait_faceless');
    const cut = vi.spyOn(backend, 'cutPortrait');
    await see('no-face');
    await says(t('capture.portrait.faceless'));
    press('F9');
    await see('cut-frame');
    await waitFor(() => expect(document.activeElement).toBe(get('cut-x')), PATIENCE);
    const turn = () => document.querySelector('[data-testid="cut-frame"] [data-turn]')!.getAttribute('data-turn');
    expect(turn()).toBe('0');
    press('F4');
    await waitFor(() => expect(turn(), 'shown as it will be cut').toBe('90'), PATIENCE);
    get('cut-turn')!.click();
    get('cut-turn')!.click();
    await waitFor(() => expect(turn()).toBe('270'), PATIENCE);
    expect(get('cut-turned')!.textContent).toContain('270');
    type('cut-x', '420');
    type('cut-size', '650');
    expect(off('cut-keep'), 'not without a reason and a witness').toBe(true);
    type('note-text', 'bekas luka bakar di wajah');
    choose('witness-who', 'op-2');
    type('witness-password', 'salah');
    await waitFor(() => expect(off('cut-keep')).toBe(false), PATIENCE);
    get('cut-keep')!.click();
    await see('failed');
    expect(get('cut-panel'), 'nothing is lost by a wrong password').not.toBeNull();
    await waitFor(() => expect((get('witness-password') as HTMLInputElement).value).toBe(''), PATIENCE);
    type('witness-password', 'rahasia');
    await waitFor(() => expect(off('cut-keep')).toBe(false), PATIENCE);
    get('cut-keep')!.click();
    await gone('cut-panel');
    const [id, still, place, note, witness] = cut.mock.calls.at(-1)!;
    expect([id, still, note, witness]).toEqual(['a016', 'still-1', 'bekas luka bakar di wajah', 'op-2']);
    expect(place).toEqual({ turn: 270, x: 420, y: 500, size: 650 });
    await see('attempt-1');
    expect(get('cut-by-hand'), 'there is a photo now').toBeNull();
    expect(get('approval-waiting') ?? get('approval-closed'), 'which the applicant is shown').not.toBeNull();
  });

  it('has a line that cannot hold answered with F4, a reason and a second officer, and never called held', async () => {
    const backend = await at('portrait');
    const excused = vi.spyOn(backend, 'excusePortrait');
    await see('excuse-open');
    await says(t('capture.portrait.missing.not_judged', { count: '1' }));
    press('F4');
    await see('excuse-panel');
    const radio = get('excuse-head_upright') as HTMLInputElement;
    await waitFor(() => expect(radio.checked && document.activeElement === radio).toBe(true), PATIENCE);
    expect(get('excuse-eyes_open'), 'what is ticked holds').toBeNull();
    expect(off('excuse-keep'), 'not without a reason and a witness').toBe(true);
    type('note-text', 'leher kaku');
    choose('witness-who', 'op-2');
    type('witness-password', 'salah');
    await waitFor(() => expect(off('excuse-keep')).toBe(false), PATIENCE);
    get('excuse-keep')!.click();
    await see('failed');
    expect(get('excuse-panel'), 'nothing is lost by a wrong password').not.toBeNull();
    await waitFor(() => expect((get('witness-password') as HTMLInputElement).value).toBe(''), PATIENCE);
    type('witness-password', 'rahasia');
    await waitFor(() => expect(off('excuse-keep')).toBe(false), PATIENCE);
    get('excuse-keep')!.click();
    await gone('excuse-panel');
    expect(excused.mock.calls.at(-1)!.slice(0, 4)).toEqual(['a016', 'head_upright', 'leher kaku', 'op-2']);
    const line = await see('judge-4');
    expect(line.getAttribute('aria-checked')).toBe('mixed');
    expect(line.textContent).toContain('Tidak dapat, karena leher kaku.');
    expect(document.body.textContent).not.toContain(t('capture.portrait.missing.not_judged', { count: '1' }));
    const judged = vi.spyOn(backend, 'judgePortrait');
    press('4');
    await waitFor(() => expect(line.getAttribute('aria-checked'), 'taken back').toBe('false'), PATIENCE);
    const seen = inForce((await backend.capture('a016')).portrait)!.captureId;
    expect(judged.mock.calls[0], 'of the photo that stands there').toEqual(['a016', seen, 'head_upright', false]);
    expect(line.textContent).not.toContain('Tidak dapat');
  });

  it('takes the keys of all lines one after another, however quickly they are pressed', async () => {
    const backend = await at('portrait');
    const { judgePortrait } = backend;
    const judged: string[] = [];
    backend.judgePortrait = async (...args) => {
      await new Promise((done) => setTimeout(done, 50));
      judged.push(args[2]);
      return judgePortrait(...args);
    };
    await see('judge-4');
    for (const key of ['1', '2', '3', '4']) press(key);
    await waitFor(() => expect(judged).toHaveLength(4), PATIENCE);
    expect(new Set(judged).size, 'each line once').toBe(4);
  });

  it('is judged by nobody while the next one is being taken, which nobody has seen', async () => {
    const backend = await at('portrait');
    const judged = vi.spyOn(backend, 'judgePortrait');
    let taken: () => void = () => undefined;
    const { takePortrait } = backend;
    backend.takePortrait = async (...args) => {
      await new Promise<void>((done) => (taken = done));
      return takePortrait(...args);
    };
    const line = await see('judge-4');
    get('take-portrait')!.click();
    await waitFor(() => expect(get('take-portrait')?.getAttribute('aria-disabled') ?? 'true').toBe('true'), PATIENCE);
    line.click();
    press('1');
    taken();
    await waitFor(() => expect(off('take-portrait')).toBe(false), PATIENCE);
    expect(judged).not.toHaveBeenCalled();
  });

  it('waits for the officer as long as a line is open, and says so', async () => {
    await at('portrait');
    await says(t('capture.approval.judging', { number: '3' }));
    press('4');
    await waitFor(
      () => expect(get('approval-waiting')!.textContent).not.toContain(t('capture.approval.judging', { number: '3' })),
      PATIENCE,
    );
  });
});
