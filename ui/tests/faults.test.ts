// What the window says of a fault (docs/faults.md): each word of the station under its own key, and no other.
import { cleanup, render, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import App from '../src/App.svelte';
import BlangkoField from '../src/components/print/BlangkoField.svelte';
import CalibrationDialog from '../src/components/print/CalibrationDialog.svelte';
import ChipBrief from '../src/components/print/ChipBrief.svelte';
import CountDialog from '../src/components/blangko/CountDialog.svelte';
import Fingers from '../src/components/capture/Fingers.svelte';
import FingerPanel from '../src/components/handover/FingerPanel.svelte';
import Irises from '../src/components/capture/Irises.svelte';
import NumberDialog from '../src/components/print/NumberDialog.svelte';
import PaperDialog from '../src/components/print/PaperDialog.svelte';
import PhotoPanel from '../src/components/handover/PhotoPanel.svelte';
import ResultChoice from '../src/components/print/ResultChoice.svelte';
import StatusBrief from '../src/components/print/StatusBrief.svelte';
import StockPanel from '../src/components/print/StockPanel.svelte';
import { use } from '$lib/backend/backend';
import type { Key } from '../src/strings';
import type { Backend } from '$lib/backend/contract';
import { mockBackend } from '../src/lib/backend/mock';
import { CaptureSession } from '../src/components/capture/session.svelte';
import { reasonWords } from '../src/components/print/words';
import { router } from '$lib/domain/router.svelte';
import { session } from '$lib/domain/session.svelte';
import { causeWords, findingWords, toldOnce } from '$lib/domain/sync_words';
import { spoken, why } from '$lib/domain/why';
import Unsettled from '$lib/domain/Unsettled.svelte';
import { bytes, number } from '$lib/shared/format';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see } from './window';

eachBeginsAtTheQueue();
afterEach(() => void (session.strip = undefined));

/** The twin behind the window. */
function twin(): Backend {
  const backend = mockBackend('');
  use(backend);
  return backend;
}
/** An order in the printer. */
const JOB = {
  jobId: 'j',
  serial: '0718-224-913',
  printer: 'P',
  startedAt: '2026-11-23T10:00:00Z',
  why: null,
  stage: null,
  inside: false,
};
const shown = () => document.body.textContent ?? '';
/** The sentence of a key stands on the screen, and none of those that it could be taken for. */
function says(key: Key, args: Record<string, string | number> = {}, never: Key[] = []): void {
  expect(shown(), key).toContain(t(key, args));
  for (const other of never) expect(shown(), `${other} is not said`).not.toContain(t(other, args));
  cleanup();
}

describe('of a card and its chip the window says', () => {
  it('how the printer left it', () => {
    twin();
    const props = { silent: null, offered: [], result: null, pick: () => undefined };
    for (const [state, key] of [
      ['sent', 'card.job.sent'],
      ['printing', 'card.job.printing'],
      ['reported', 'card.job.reported'],
      ['stopped', 'card.job.stopped'],
    ] as const) {
      render(ResultChoice, { ...props, job: { ...JOB, state } });
      says(key, { printer: JOB.printer });
    }
    const silent = { key: 'printer_no_answer', args: {} };
    render(ResultChoice, { ...props, silent, job: { ...JOB, state: 'printing' } });
    says('card.job.silent', { printer: JOB.printer });
    const offered = ['printed', 'spoiled', 'unknown'] as const;
    render(ResultChoice, { ...props, offered: [...offered], job: { ...JOB, state: 'unknown' } });
    says('card.result_unknown', {}, ['card.result']);
  });

  it('where the number is read', () => {
    twin();
    const done = () => Promise.resolve();
    render(NumberDialog, { booked: '1', save: done, other: done, exchange: done, close: () => undefined });
    says('card.number_hint');
  });

  it('how the chip stands and what it goes without', async () => {
    const { chip } = await twin().cardPrint('a016');
    for (const [state, key] of [
      ['not_yet', 'card.chip.not_yet'],
      ['torn', 'card.chip.torn'],
      ['verified', 'card.chip.verified'],
      ['left_out', 'card.chip.left_out'],
      ['not_possible', 'card.chip.not_possible'],
    ] as const) {
      render(ChipBrief, { chip: { ...chip, state }, writing: false, full: false });
      says(key, { note: chip.note });
    }
    render(ChipBrief, { chip: { ...chip, without: ['signature_room'] }, writing: false, full: false });
    says('card.chip_without', { what: t('card.chip_without.signature_room') });
  });

  it('what became of the chip of a void card', () => {
    twin();
    const one = { serial: '1', reason: 'misprint', at: '', photoId: null, photoNote: '', witness: null, chipWhy: null };
    for (const [chip, place, key] of [
      ['alive', 'reader', 'card.chip_end.alive'],
      ['alive', 'printer', 'card.chip_end.alive_inside'],
      ['alive', null, 'card.chip_end.alive_none'],
      ['in_doubt', 'reader', 'card.chip_end.in_doubt'],
      ['in_doubt', 'printer', 'card.chip_end.in_doubt_inside'],
      ['ended', 'printer', 'card.chip_end.ended'],
      ['destroyed', 'reader', 'card.chip_end.destroyed'],
    ] as const) {
      render(BlangkoField, { serial: '2', needs: 'blangko', spoiled: [{ ...one, chip }], place });
      says(key, { why: '' });
    }
  });

  it('why a card was spoiled', () => {
    expect(reasonWords('spoil_reason', 'misprint')).toBe(t('spoil_reason.misprint'));
  });

  it('what the book and the printer tell of ribbon and film', async () => {
    const { stock } = await twin().cardPrint('a016');
    for (const [note, key] of [
      ['low', 'card.supply_low'],
      ['unbooked', 'card.supply_unbooked'],
      ['differs', 'card.supply_differs'],
    ] as const) {
      render(StockPanel, { stock: { ...stock, ribbonNote: note, filmNote: null, printerRibbon: 7 } });
      says(key, { item: t('card.ribbon'), n: 7 });
    }
  });

  it('what a calibration print is for', async () => {
    const { offset } = await twin().cardPrint('a016');
    render(CalibrationDialog, { offset, saved: () => undefined, close: () => undefined });
    says('card.calibration_text');
  });

  it('that a count differs', () => {
    const report = { item: 'blangko', counted: 1, expected: 2, at: '', outdated: false, differences: [] } as never;
    const done = () => Promise.resolve(report);
    render(CountDialog, { open: report, count: done, explain: done, close: () => undefined });
    says('blangko.count_differs', {}, ['blangko.count_agrees']);
  });

  it('what goes on after print ready was taken back', async () => {
    for (const [page, job, key, never] of [
      ['print', null, 'card.withdrawn_before', 'card.withdrawn_after'],
      ['print', { ...JOB, state: 'reported' as const }, 'card.withdrawn_after', 'card.withdrawn_before'],
      ['handover', null, 'handover.withdrawn', 'card.withdrawn_after'],
    ] as const) {
      window.history.replaceState(null, '', `${window.location.pathname}?part=withdrawn`);
      router.go(page, 'a016');
      const backend = twin();
      const cardPrint = backend.cardPrint.bind(backend);
      backend.cardPrint = async (id) => ({ ...(await cardPrint(id)), job });
      render(App);
      expect((await see('withdrawn')).textContent).toContain(t(key));
      says(key, {}, [never]);
    }
  });
});

describe('at the hand-over the window says', () => {
  it('that the photograph of the chip is another', async () => {
    const h = await twin().handover('a016');
    const props = { busy: false, off: false, read: () => undefined, judge: () => undefined };
    render(PhotoPanel, { ...props, h: { ...h, photo: { ...h.photo, state: 'differs' } } });
    says('handover.photo_differs', {}, ['handover.photo_identical']);
  });

  it('that the finger was not the one on record', async () => {
    const h = await twin().handover('a016');
    const tries = [
      { number: 1, finger: 'right_index', at: '2026-11-23T10:00:00Z', score: 12, matched: false },
    ] as never;
    const finger = { ...h.finger, state: 'not_yet' as const, tries };
    render(FingerPanel, { h: { ...h, finger }, finger: null, busy: false, pick: () => undefined });
    says('handover.finger_below', { score: 12, limit: h.finger.limit });
  });

  it('what becomes of a card with wrong data', async () => {
    router.go('handover', 'a016');
    open();
    await see('finger');
    press('F6');
    await see('dispute-dialog');
    says('handover.dispute_text', {}, ['handover.call_off_text']);
  });
});

describe('while recording the window says', () => {
  it('which second look a finger or an eye needs', async () => {
    const b = twin();
    const c = await b.capture('a016');
    for (const [kind, key, component] of [
      ['same_finger_twice', 'capture.notice.same_finger_twice', Fingers],
      ['hands_swapped', 'capture.notice.hands_swapped', Fingers],
      ['same_eye_twice', 'capture.notice.same_eye_twice', Irises],
    ] as const) {
      const whole = new CaptureSession(
        b,
        'a016',
        () => undefined,
        () => undefined,
      );
      whole.capture = { ...c, notices: [{ kind, parts: ['right_index'] }] };
      render(component, { session: whole, who: 'X', training: false, onback: () => undefined });
      says(key);
    }
  });
});

describe('of the line and the centre the window says', () => {
  it('each cause and each finding under its own name', () => {
    for (const cause of ['dns', 'cut', 'timeout', 'busy', 'tls', 'receipt_invalid', 'centre_full'] as const) {
      expect(causeWords(cause).happened).toBe(t(`sync.cause.${cause}.happened`));
    }
    expect(causeWords('clock_ahead:3').happened).toBe(t('sync.cause.clock_ahead.happened', { days: 3 }));
    for (const kind of ['gap', 'lost', 'copied_disk', 'table_unusable'] as const) {
      const words = t(`sync.finding.${kind}.happened`, { what: 'X', n: 'X', code: 'X' });
      expect(findingWords(kind, 'X').happened).toBe(words);
    }
    const news = { kind: 'something_new', numbers: [], reason: '', receivedAt: '' } as never;
    expect(toldOnce([news])[0]!.words, 'what a newer centre tells').toBe(t('sync.notice.unknown'));
  });

  it('what a status means', async () => {
    const status = await twin().statusCheck('a016');
    const now = { raw: 'X', source: 'centre', asOf: '2026-11-23T10:00:00Z', ageSeconds: 1, freshness: 'fresh' };
    for (const [word, key] of [
      ['adjudicate_record', 'status.adjudicate_record.means'],
      ['duplicate_record', 'status.duplicate_record.means'],
    ] as const) {
      render(StatusBrief, { status: { ...status, now: { ...now, key: word } as never } });
      says(key);
    }
  });

  it('that a line is paid by the byte', async () => {
    open();
    await see('page-queue');
    router.go('sync');
    await see('page-sync');
    await see('sync-metered');
    expect(get('sync-metered')!.parentElement!.textContent).toContain(t('sync.metered'));
  });

  it('that the reserve on the disk is used up', async () => {
    const backend = open();
    await see('page-queue');
    const devices = await backend.devices();
    const { computer } = devices;
    const disk = { ...computer.disk, ballastBytes: 2e9, ballastReady: false };
    backend.devices = async () => ({ ...devices, computer: { ...computer, disk } });
    router.go('devices');
    await see('page-devices');
    await waitFor(() => expect(shown()).toContain(t('devices.disk_spent', { b: bytes(2e9) })), PATIENCE);
    expect(shown()).not.toContain(t('devices.disk_hint', { n: number(disk.recordingsLeft), b: bytes(2e9) }));
  });

  it('why a paper does not come out, also when its end was not seen', async () => {
    const backend = twin();
    for (const [reason, words] of [
      ['media_empty', 'attest.reason.media_empty'],
      ['media_jam', 'attest.reason.media_jam'],
      ['cover_open', 'attest.reason.cover_open'],
      ['paper_out', 'attest.reason.paper_out'],
      ['offline', 'attest.reason.offline'],
      ['queued', 'attest.reason.queued'],
    ] as const) {
      backend.printDocument = async () => ({ state: 'unknown', reason, printer: 'P' });
      render(PaperDialog, { title: 'F-1.01', documentId: '1', close: () => undefined });
      (await see('paper-print')).click();
      await see('paper-job');
      says(words, {}, ['attest.reason.other']);
    }
  });

  it('what it has to do by itself and could not yet', async () => {
    const strip = await twin().strip();
    for (const [what, happened, safe, next] of [
      ['cut_off', 'unsettled.cut_off.happened', 'unsettled.cut_off.safe', 'unsettled.cut_off.next'],
      ['revocations', 'unsettled.revocations.happened', 'unsettled.revocations.safe', 'unsettled.revocations.next'],
      ['looks', 'unsettled.looks.happened', 'unsettled.looks.safe', 'unsettled.looks.next'],
      ['renewal', 'unsettled.renewal.happened', 'unsettled.renewal.safe', 'unsettled.renewal.next'],
      [
        'unknown_packets',
        'unsettled.unknown_packets.happened',
        'unsettled.unknown_packets.safe',
        'unsettled.unknown_packets.next',
      ],
      [
        'unread_packets',
        'unsettled.unread_packets.happened',
        'unsettled.unread_packets.safe',
        'unsettled.unread_packets.next',
      ],
    ] as const) {
      session.strip = { ...strip, unsettled: [what] };
      render(Unsettled, {});
      expect(shown()).toContain(t(safe));
      expect(shown()).toContain(t(next));
      says(happened);
    }
  });
});

describe('beside a button and beside a device the window says', () => {
  it('a reason by its own key, and a check by its own', () => {
    for (const [key, words] of [
      ['running_request', 'why.running_request'],
      ['print_under_way', 'why.print_under_way'],
      ['print_cancelled', 'why.print_cancelled'],
      ['print_cut_off', 'why.print_cut_off'],
    ] as const) {
      expect(why({ key, args: {} })).toBe(t(words));
    }
    expect(spoken({ check: 'serial' })['check']).toBe(t('check.serial'));
  });
});
