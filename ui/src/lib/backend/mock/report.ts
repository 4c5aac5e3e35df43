// The Buku Register and the reports of the twin. Scenes: empty, broken; ?part=refused: nothing can be saved.
import type {
  Backend,
  Period,
  RegisterFilter,
  RegisterPage,
  RegisterPrint,
  RegisterRow,
  Report,
  ReportPeriod,
  Step,
} from '../contract';
import { firstDay, shift } from '../../../components/report/findings';
import { ORDER, refuse, type World } from './world';

type RegisterPart = Pick<
  Backend,
  | 'register'
  | 'registerLines'
  | 'registerCorrect'
  | 'registerExport'
  | 'registerPrintPeriod'
  | 'registerVerify'
  | 'registerVerifyStop'
  | 'registerCheckPage'
  | 'registerPrintDay'
  | 'blankPaper'
>;
type ReportPart = Pick<
  Backend,
  'report' | 'reportPrint' | 'reportTable' | 'unclaimedTable' | 'saveFolders' | 'saveQrPage'
>;

const part = () => (typeof location === 'undefined' ? '' : (new URLSearchParams(location.search).get('part') ?? ''));
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const isoToday = () => new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
const LAST = 11_852;
const TODAY = 38;
/** Lines kept by the twin: months of work, so that a long list is long. */
const KEPT = 3_000;
/** Lines from one mark to the next. */
const MARKED = 250;

const PEOPLE: [string, string, string, string][] = [
  ['Suparman', '181302••••••9001', 'Rusak', 'rusak'],
  ['Siti Rahmawati', '180401••••••9002', 'Baru, WNI', 'baru_wni'],
  ['Bambang Irawan', '181306••••••9001', 'Baru, WNI', 'baru_wni'],
  ['Zainal Abidin', '181305••••••9003', 'Perubahan data', 'perubahan_data'],
  ['Nur’aini', '180413••••••9002', 'Hilang', 'hilang'],
  ['Made Artini', '181308••••••9001', 'Baru, WNI', 'baru_wni'],
];
const EVENTS: [string, string][] = [
  ['packet_sealed', 'Disegel'],
  ['requirements_accepted', 'Berkas diterima'],
  ['verified', 'Data diverifikasi'],
  ['visit_returned', 'Dikembalikan'],
  ['card_handed_over', 'Diserahkan'],
  ['blangko_spoiled', 'Blangko rusak'],
  ['pickup_slip_given', 'Tanda Pengambilan'],
  ['card_printed', 'Dicetak'],
  ['visit_started', 'Permohonan dibuka'],
];

function row(n: number): RegisterRow {
  const number = LAST - n;
  const [name, maskedNik, kind, kindKey] = PEOPLE[n % PEOPLE.length]!;
  const [event, eventLabel] = EVENTS[n % EVENTS.length]!;
  const fix = number === 11_850;
  const card = event === 'card_handed_over' || event === 'card_printed' || event === 'blangko_spoiled';
  return {
    number,
    at: ago(4 + (n < TODAY ? n * 6 : 228 + (n - TODAY) * 40)),
    permohonanId: 'a016',
    ticket: `A-0${String(19 - (n % 10)).padStart(2, '0')}`,
    name,
    maskedNik,
    kind,
    kindKey,
    event: fix ? 'correction' : event,
    eventLabel: fix ? 'Pembetulan' : eventLabel,
    officer: ['Yuliana', 'Dewi Anggraini', 'Hendra Saputra'][n % 3]!,
    correctionOf: fix ? 11_839 : null,
    text: fix ? 'Alamat “Jl. Merdeka” menjadi “Jl. Merdeka Gg. Cengkih 7”.' : '',
    rowHash: `${((number * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, '0')}90c4a7`,
    blangko: card ? `0718-224-${String(914 - (n % 400)).padStart(3, '0')}` : '',
    document: event === 'pickup_slip_given' ? `TP/18.13-02/2026/${number}` : '',
    collector: event !== 'card_handed_over' || fix ? '' : n % 3 ? 'sendiri' : 'Made Artini (istri)',
  };
}

const SIZES: Record<Period, number> = { today: TODAY, week: 190, month: 610, range: KEPT };

export function registerMock(world: World): RegisterPart {
  const scene = world.scene;
  const lines = Array.from({ length: KEPT }, (_, n) => row(n));
  const added: RegisterRow[] = [];
  let stopped = false;
  let verified: RegisterPage['verified'] = {
    upTo: scene === 'broken' ? 11_840 : LAST,
    at: ago(2),
    intact: scene !== 'broken',
    brokenAt: scene === 'broken' ? 11_841 : null,
    kind: scene === 'broken' ? 'edited' : null,
  };
  const all = (filter: Pick<RegisterFilter, 'period' | 'text'>) =>
    scene === 'empty'
      ? []
      : [...added, ...lines.slice(0, SIZES[filter.period])].filter((r) =>
          `${r.name} ${r.maskedNik} ${r.ticket} ${r.number} ${r.blangko}`
            .toLowerCase()
            .includes(filter.text.toLowerCase()),
        );
  // A piece of a list is asked for by its days; the twin remembers what the days of the last list were called.
  let opened: Period = 'today';
  const page = (filter: RegisterFilter): RegisterPage => {
    const found = all(filter);
    const day = isoToday();
    opened = filter.period;
    const marks = found
      .map((r, place) => ({ place, before: r.number + 1 }))
      .filter(({ place }) => place % MARKED === 0);
    return {
      rows: found.slice(0, 200),
      total: found.length,
      gap: null,
      marks,
      canCorrect: true,
      period: { from: filter.from ?? day, to: filter.to ?? day },
      verified,
      day: { page: 214, from: 11_815, to: LAST + added.length, checkpoint: '3e81 90c4 a7b2 11d0' },
    };
  };
  const check = async (): Promise<RegisterPage['verified']> => {
    stopped = false;
    for (const percent of [25, 50, 75, 100]) {
      world.tell({ event: 'register_checked', percent });
      await new Promise((done) => setTimeout(done, 100));
      if (stopped) return null;
    }
    const upTo = verified!.intact ? LAST + added.length : verified!.upTo;
    verified = { ...verified!, upTo, at: new Date().toISOString() };
    return verified;
  };
  /** `count` parts of `each` days, the last of which is the current one. */
  const print = async (count: number, each: number, pages: number): Promise<RegisterPrint> => {
    const found = await check();
    if (found === null) refuse('register_unchecked');
    if (found?.brokenAt) refuse('register_broken', { n: String(found.brokenAt) });
    const days = count * each;
    const day = (n: number) => shift('day', isoToday(), n - days + 1);
    const parts: RegisterPrint['parts'] = [];
    for (let n = 0; n < count && (n === 0 || !stopped); n += 1) {
      world.tell({ event: 'register_set', day: n * each + 1, days });
      await new Promise((done) => setTimeout(done, 100));
      parts.push({
        document: { documentId: `register-${n + 1}`, pages },
        from: day(n * each),
        to: day((n + 1) * each - 1),
        firstDay: n * each + 1,
        lastDay: (n + 1) * each,
        firstSheet: n * pages + 1,
        piece: null,
        pieces: null,
      });
    }
    return { parts, count, days, goOn: parts.length < count ? day(parts.length * each) : null };
  };
  return {
    register: async (filter) => page(filter),
    async registerLines(filter, skip, count) {
      const found = all({ period: opened, text: filter.text });
      return found.filter((r) => filter.before === null || r.number < filter.before).slice(skip, skip + count);
    },
    async registerCorrect(number, text) {
      if (text.trim() === '') refuse('refused_reason_missing');
      const of = [...added, ...lines].find((r) => r.number === number) ?? refuse('not_found');
      added.unshift({
        ...of,
        number: LAST + 1 + added.length,
        at: ago(0),
        event: 'correction',
        eventLabel: 'Pembetulan',
        correctionOf: number,
        text,
        officer: 'Dewi Anggraini',
        blangko: '',
        document: '',
      });
      return page({ period: 'today', from: null, to: null, text: '', before: null });
    },
    async registerExport(filter, format, folder) {
      if (part() === 'refused') refuse('disk_full');
      stopped = false;
      for (let day = 1; format === 'pdf' && filter.period === 'month' && day < 31; day += 10) {
        world.tell({ event: 'register_set', day, days: 30 });
        await new Promise((done) => setTimeout(done, 100));
        if (stopped) refuse('save_stopped');
      }
      return { path: `${folder}/buku-register.${format}`, rows: all(filter).length };
    },
    registerPrintPeriod: (filter) => (filter.period === 'month' ? print(3, 10, 70) : print(1, 7, 6)),
    registerVerify: check,
    async registerVerifyStop() {
      stopped = true;
    },
    async registerCheckPage(code) {
      if (code !== null && !code.startsWith('LATIHAN:REKAM1:')) refuse('page_other');
      const found = { number: `BR/18.13-02/${isoToday()}`, day: isoToday() };
      if (scene === 'broken') return { ...found, row: null, verified: null };
      return { ...found, row: LAST, verified: await check() };
    },
    registerPrintDay: () => print(1, 1, 2),
    blankPaper: async (kind) => ({ documentId: `blank-${kind}`, pages: kind === 'f102_blank' ? 2 : 1 }),
  };
}

const MEDIANS = [247, 214, 408, 554, 204, 443, 132, 276, 152];
const STANDARDS = [5, 5, 5, 10, 5, 5, 5, 5, 3];
const DONE = [24, 27, 22, 19, 26, 24, 29, 23, 25, 23];
const PRINTED = [20, 22, 25, 0, 41, 23, 24, 22, 19, 18];

function days(period: ReportPeriod, day: string): string[] {
  const from = firstDay(period, day);
  if (period === 'day') return [day];
  if (period === 'year')
    return Array.from(
      { length: Number(day.slice(5, 7)) },
      (_, n) => `${day.slice(0, 4)}-${String(n + 1).padStart(2, '0')}`,
    );
  const list: string[] = [];
  for (let d = from; d <= day; d = shift('day', d, 1)) {
    const week = new Date(`${d}T12:00:00Z`).getUTCDay();
    if (week !== 0 && week !== 6) list.push(d);
  }
  return list.length > 0 ? list : [day];
}

export function reportMock(world: World): ReportPart {
  const none = world.scene === 'empty';
  const report = (period: ReportPeriod, day: string): Report => {
    const today = isoToday();
    const next = shift(period, firstDay(period, day), 1);
    const end = shift('day', next, -1) > today ? today : shift('day', next, -1);
    const big = period === 'year' ? 20 : 1;
    const production = days(period, end).map((at, n) => ({
      day: at,
      recorded: none ? 0 : DONE[n % 10]! * big,
      printed: none ? 0 : PRINTED[n % 10]! * big,
      handedOver: none ? 0 : Math.floor(PRINTED[n % 10]! * 0.8) * big,
    }));
    const counted = (...list: [string, number][]) =>
      none ? [] : list.map(([key, count]) => ({ key, label: key, count }));
    return {
      period,
      from: firstDay(period, day),
      to: end,
      production: none ? [] : production,
      operators: none
        ? []
        : [
            { operator: 'dewi', name: 'Dewi Anggraini', recorded: 248, printed: 0, handedOver: 12 },
            { operator: 'maya', name: 'Maya Sari', recorded: 170, printed: 0, handedOver: 9 },
            { operator: 'rizal', name: 'Rizal Fahmi', recorded: 0, printed: 381, handedOver: 320 },
          ],
      steps: ORDER.map((step: Step, n) => ({
        step,
        median: none ? null : MEDIANS[n]!,
        p90: none ? null : Math.round(MEDIANS[n]! * 1.6),
        standard: STANDARDS[n]! * 60,
        visits: none ? 0 : 418 - n * 8,
        late: none ? 0 : [12, 9, 214, 61, 5, 190, 2, 44, 20][n]!,
      })),
      returns: counted(['kartu_keluarga', 9], ['data_beda', 4], ['surat_kehilangan', 2]),
      exceptions: counted(['fingers unreadable', 6], ['fingers amputated', 2], ['irises lid_closed', 1]),
      quality: none
        ? []
        : [
            { modality: 'portrait', mean: 78, belowLimit: 4, kept: 418, attempts: 131 },
            { modality: 'fingers', mean: 61, belowLimit: 22, kept: 411, attempts: 164 },
            { modality: 'irises', mean: 70, belowLimit: 9, kept: 415, attempts: 122 },
          ],
      spoilage: Array.from({ length: 6 }, (_, n) => {
        const month = shift('month', `${end.slice(0, 7)}-01`, n - 5).slice(0, 7);
        const spent = none ? 0 : 390;
        return {
          month,
          spoiled: none ? 0 : [16, 15, 17, 11, 8, 7][n]!,
          spent,
          share: none ? 0 : [410, 380, 440, 290, 220, 180][n]!,
        };
      }),
      spoilReasons: counted(['misprint', 3], ['wrong_data', 2], ['chip', 1], ['factory', 1]),
      funnel: none
        ? {
            recorded: 0,
            sent: 0,
            acknowledged: 0,
            printReady: 0,
            printed: 0,
            handedOver: 0,
            oldestUnsentDays: null,
            waitingAge: 0,
            onShelf: 0,
            oldestOnShelfDays: null,
            refused: 0,
            unsendable: 0,
            queued: 0,
          }
        : {
            recorded: 418,
            sent: 411,
            acknowledged: 409,
            printReady: 391,
            printed: 381,
            handedOver: 341,
            oldestUnsentDays: 3,
            waitingAge: 5,
            onShelf: 40,
            oldestOnShelfDays: 34,
            refused: 1,
            unsendable: 0,
            queued: 5,
          },
      unsent: none
        ? []
        : [
            { label: '0–1', count: 5 },
            { label: '2–7', count: 2 },
          ],
      unclaimed: none
        ? []
        : [
            { label: '0–7', count: 28 },
            { label: '8–30', count: 11 },
            { label: '>30', count: 1 },
          ],
      stock: (['blangko', 'ribbon', 'film'] as const).map((item, n) => ({
        item,
        onHand: [312, 2, 3][n]!,
        printing: 0,
        held: n === 0 ? 1 : 0,
        spoiled: n === 0 ? 7 : 0,
        missing: 0,
        aside: 0,
        usedToday: n === 0 ? 18 : 0,
        usedMonth: [381, 1, 1][n]!,
        daysLeft: [6, 12, 20][n]!,
        reorderPoint: [150, 1, 1][n]!,
        level: 'ok' as const,
        lastReceived: [500, 2, 2][n]!,
        lastReceivedAt: ago(60 * 24 * 11),
        lastCountedAt: ago(60 * 24 * 3),
      })),
      averagePerDay: none || period === 'day' ? null : 24,
      readLater: end < today ? new Date().toISOString() : null,
    };
  };
  return {
    report: async (period, day) => report(period, day),
    async reportPrint() {
      if (part() === 'refused') refuse('disk_full');
      return { documentId: 'report-1', pages: 2 };
    },
    async reportTable(period, day, format, folder) {
      if (part() === 'refused') refuse('disk_full');
      return { path: `${folder}/laporan-${period}-${day}.${format}`, rows: 64 };
    },
    async unclaimedTable(format, folder) {
      if (part() === 'refused') refuse('disk_full');
      return { path: `${folder}/kartu-belum-diambil.${format}`, rows: 2 };
    },
    saveQrPage: async (folder) => ({ path: `${folder}/periksa-qr.html`, rows: 1 }),
    saveFolders: async () => (none ? [] : ['/home/loket/Dokumen', '/media/loket/FLASHDISK']),
  };
}
