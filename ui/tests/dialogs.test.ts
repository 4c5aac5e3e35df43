// Every dialog of the window, opened by itself over the twin and looked through by axe-core. Colours and sizes are not: jsdom
// draws nothing; the walks in the real window look at those.
import axe from 'axe-core';
import { cleanup, render, waitFor } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { describe, expect, it } from 'vitest';
import type { Backend, Collector } from '$lib/backend/contract';
import { BookPrint } from '../src/routes/register/book.svelte';
import { PATIENCE, eachBeginsAtTheQueue, open, see } from './window';

eachBeginsAtTheQueue();

const FILES = import.meta.glob<{ default: Component }>([
  '../src/**/*Dialog.svelte',
  '../src/lib/domain/Help.svelte',
  '../src/routes/verification/ReadAloud.svelte',
]);
const close = () => undefined;
const done = async () => undefined;
const OFFICERS = [{ id: 'hendra', name: 'Hendra Saputra' }];
const REASONS = [{ code: 'smeared', text: 'Cetakan kabur' }];
const RETURNS = [
  {
    id: 'b001',
    ticket: 'A-004',
    name: 'SITI CONTOH',
    maskedNik: '',
    parts: [{ finger: 'right_index' }],
    since: '2026-11-18',
    sealed: true,
  },
];
const CORRECTIONS = [
  {
    id: 'b003',
    ticket: 'A-007',
    name: 'WAYAN CONTOH',
    maskedNik: '',
    note: 'Gelar belum tercantum',
    at: '2026-11-20T03:00:00Z',
    followUp: null,
  },
];
const paper = { title: 'Surat Keterangan', documentId: '1', pages: 1, close };
const visit = async (b: Backend) => (await b.queue('all')).mine[0] ?? (await b.queue('all')).others[0]!;
const handover = async (b: Backend) => b.handover((await visit(b)).id);
const COLLECTOR: Collector = { self: true, name: '', nik: '', relation: '', letter: '', documentId: null } as never;

/** What each dialog is given; the names are those of the files. */
const GIVEN: Record<string, (b: Backend) => Promise<Record<string, unknown>>> = {
  'blangko/BeritaAcara': async (b) => ({ pieces: (await b.blangko()).toDestroy, save: done, close }),
  'blangko/Count': async () => ({ open: null, count: done, explain: done, close }),
  'blangko/Destruction': async (b) => ({
    act: (await b.blangko()).acts[0],
    camera: true,
    photograph: done,
    leave: done,
    sign: done,
    close,
  }),
  'blangko/Photo': async () => ({ serial: '0718-224-001', photoId: '1', off: false, again: close, close }),
  'blangko/Release': async () => ({ serial: '0718-224-001', save: done, close }),
  'blangko/ReportDay': async () => ({ choose: close, close }),
  'blangko/Spoil': async () => ({ reasons: REASONS, officers: OFFICERS, save: done, supply: done, close }),
  'blangko/Stock': async (b) => ({
    way: 'receive',
    allotments: (await b.blangko()).allotments,
    save: done,
    allot: done,
    close,
  }),
  'capture/Witness': async () => ({ witnesses: OFFICERS, onwitness: done, onclose: close }),
  'handover/Collector': async (b) => ({
    collector: (await handover(b)).collector ?? COLLECTOR,
    slipNumber: 'TP/18.13-02/2026/11824',
    save: done,
    close,
  }),
  'handover/Confirm': async (b) => ({ h: await handover(b), give: done, close }),
  'handover/Dispute': async (b) => {
    const h = await handover(b);
    return { serial: h.serial, formId: h.formId, officers: OFFICERS, agrees: done, dispute: done, close };
  },
  'handover/Note': async () => ({
    title: 'Catatan',
    text: 'Sebutkan sebabnya.',
    label: 'Catatan',
    yes: 'Simpan',
    key: 'F9',
    officers: OFFICERS,
    testid: 'note-dialog',
    save: done,
    close,
  }),
  'handover/OldCard': async (b) => ({ card: (await handover(b)).oldCard, withdraw: done, absent: done, close }),
  'handover/Photo': async (b) => {
    const h = await handover(b);
    return { h, read: async () => h, compare: async () => h, close };
  },
  'handover/Receipt': async (b) => ({
    id: (await visit(b)).id,
    who: 'SITI CONTOH',
    serial: '0718-224-001',
    taken: close,
    cannot: close,
    close,
  }),
  'handover/Shelf': async () => ({ place: 'B-12', save: done, hold: done, lost: close, close }),
  'handover/Substitute': async () => ({ officers: OFFICERS, save: done, close }),
  'handover/Unclaimed': async () => ({ close }),
  'print/Calibration': async (b) => ({ offset: (await b.printQueue()).offset, saved: close, close }),
  'print/Number': async () => ({ booked: '0718-224-913', save: done, other: done, exchange: done, close }),
  'print/Again': async () => ({
    prints: { again: false, unknown: { attempt: '1', sentAt: '2026-11-23T03:42:00Z', printer: 'Printer Dokumen' } },
    print: close,
    close,
  }),
  'print/Paper': async () => paper,
  'print/Reason': async () => ({
    title: 'Mengapa?',
    text: 'Pilih satu alasan.',
    reasons: REASONS,
    words: 'spoil_reason',
    ways: [{ id: 'go', label: 'Catat', key: 'F9', run: close }],
    label: 'Alasan',
    close,
    testid: 'reason-dialog',
  }),
  'print/Turn': async (b) => ({ id: (await b.printQueue()).rows[0]!.id, changed: close, close }),
  'report/BlankPaper': async () => ({ made: close, close }),
  'report/SaveTable': async () => ({ title: 'Simpan', note: '', save: done, close }),
  'domain/Strip': async () => ({ cell: 5, close }),
  'shared/': async () => ({ title: 'Judul', close, testid: 'plain-dialog', children: (() => undefined) as never }),
  'devices/Bind': async (b) => ({ row: (await b.devices()).rows[0], bound: close, close }),
  'devices/Bundle': async () => ({ close }),
  'devices/CardOut': async (b) => ({ left: (await b.devices()).cardLeft, out: done, close }),
  'devices/Rejected': async () => ({ since: '2026-11-28T03:12:00Z', save: done, close }),
  'queue/Cancel': async (b) => ({ id: (await visit(b)).id, ticket: 'A-016', close }),
  'queue/Corrections': async () => ({ corrections: CORRECTIONS, opens: true, close }),
  'queue/Open': async () => ({ close }),
  'queue/Returns': async () => ({ returns: RETURNS, close }),
  'queue/Scan': async () => ({ read: close, close }),
  'register/Book': async () => {
    const document = (n: number) => ({ documentId: `${n}`, pages: 70 });
    const days = { from: '2026-11-01', to: '2026-11-04', firstDay: 1, lastDay: 4 };
    const parts = [1, 2].map((n) => ({ ...days, document: document(n), firstSheet: n, piece: null, pieces: null }));
    const book = { parts, count: 3, days: 9, goOn: '2026-11-09' };
    const print = new BookPrint();
    print.open(book);
    return { print, book };
  },
  'register/CheckPage': async () => ({ done: close, close }),
  'register/Correct': async (b) => ({
    row: (await b.register({ period: 'today', from: null, to: null, text: '', before: null })).rows[0],
    done: close,
    close,
  }),
  'register/Range': async () => ({ choose: close, close }),
  'reports/Period': async () => ({ period: 'day', day: '2026-11-27', choose: close, close }),
  'requirements/Return': async (b) => ({ id: (await visit(b)).id, reasons: REASONS, close }),
  'requirements/TakeBack': async () => ({ paper: 'Fotokopi KK', pages: 2, take: done, close }),
  'settings/Residents': async () => ({ close }),
  'settings/Wording': async () => ({ close }),
  'signin/Recover': async (b) => ({ supervisors: (await b.stationState()).operators, close }),
  'signin/Reset': async (b) => {
    const [person, ...supervisors] = (await b.stationState()).operators;
    return { person, supervisors, close };
  },
  'staff/Staff': async (b) => ({ work: 'password', person: (await b.staff()).officers[0], saved: close, close }),
  'sync/Activate': async () => ({ centre: 'https://pusat.example:8443', done: close, close }),
  'sync/Courier': async () => ({ waiting: 2, size: 4_000_000, close }),
  'sync/Finding': async () => ({ kind: 'lost', subject: '26-1123-016', done: close, close }),
  'sync/Reconciliation': async () => ({ close }),
  'verification/Proof': async () => ({ label: 'Nama', choose: close, close }),
  'domain/Help': async () => ({ name: 'queue', close }),
  'verification/ReadAloud': async (b) => ({
    rows: (await b.verification((await visit(b)).id)).rows,
    done: close,
    close,
  }),
  'verification/Warning': async () => ({ text: 'Tanggal lahir tidak sama dengan NIK.', confirm: close, close }),
};

const named = (file: string) => file.replace(/^.*\/([^/]+)\/(.*?)(Dialog)?\.svelte$/, '$1/$2');

/** What axe-core finds, in its words and with the element. */
async function found(element: HTMLElement): Promise<string[]> {
  const seen = await axe.run(element, {
    resultTypes: ['violations'],
    rules: { 'color-contrast': { enabled: false }, 'target-size': { enabled: false } },
  });
  return seen.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`);
}

describe('every dialog', () => {
  it('would be found out', async () => {
    const box = document.body.appendChild(document.createElement('div'));
    box.innerHTML = '<div role="dialog"><input type="text" /></div>';
    const said = (await found(box)).map((line) => line.split(':')[0]);
    box.remove();
    expect(said.sort(), 'a nameless dialog and a nameless field').toEqual(['aria-dialog-name', 'label']);
  });

  it('is in this list', () => {
    expect(Object.keys(FILES).map(named).sort(), 'a new dialog is looked through too').toEqual(
      Object.keys(GIVEN).sort(),
    );
  });

  for (const [file, load] of Object.entries(FILES)) {
    const name = named(file);
    it(`${name} is free of what axe-core finds`, async () => {
      const backend = open();
      await see('page-queue');
      const props = await GIVEN[name]!(backend);
      cleanup();
      const { default: component } = await load();
      render(component, props as never);
      const shown = await waitFor(() => {
        const dialog = document.querySelector<HTMLElement>('dialog, [role="dialog"]');
        expect(dialog, `${name} is open`).not.toBeNull();
        return dialog!;
      }, PATIENCE);
      expect(await found(shown), name).toEqual([]);
    });
  }
});
