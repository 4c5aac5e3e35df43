// The queue of the twin, and what is done with a whole application.
import type { Backend, Queue, QueueRow, Role, Step } from '../contract';
import { KINDS, RESIDENTS, STANDARD } from './tables';
import { printed, printsOf } from './prints';
import { ORDER, refuse, type Visit, type World } from './world';

type Part = Pick<
  Backend,
  | 'queue'
  | 'settleReturn'
  | 'openCorrection'
  | 'settleCorrection'
  | 'search'
  | 'scanCode'
  | 'printTicket'
  | 'ticketPrints'
  | 'kinds'
  | 'open'
  | 'openRenewal'
  | 'permohonan'
  | 'take'
  | 'cancel'
  | 'resume'
  | 'pause'
  | 'goBack'
>;

const ROLE_STEPS: Record<Role | 'all', Step[]> = {
  all: ORDER,
  supervisor: ORDER,
  operator: ['verification', 'capture', 'attestation', 'print_request'],
  register_officer: ['form', 'requirements'],
  customer_service: ['status'],
  printing: ['print'],
};

/** Lay still, and is somebody's work now. */
const CALLS: QueueRow['state'][] = ['due', 'answered'];

function row(v: Visit, birthday = false): QueueRow {
  const standardSeconds = STANDARD[v.step];
  const waitingSeconds = v.used[v.step] ?? 0;
  return {
    id: v.id,
    ticket: v.ticket,
    name: v.name,
    maskedNik: v.nik === '' ? '' : `${v.nik.slice(0, 6)}••••••${v.nik.slice(12)}`,
    kind: v.kind,
    printFrom: v.printFrom,
    step: v.step,
    waitingSeconds,
    standardSeconds,
    late: waitingSeconds > standardSeconds,
    with: v.with,
    state:
      v.state === 'held' && v.extra.answer
        ? 'answered'
        : v.state === 'held' && birthday
          ? 'due'
          : v.state === 'returned' || v.state === 'held'
            ? v.state
            : 'open',
    answer: v.state === 'held' ? ((v.extra.answer as QueueRow['answer']) ?? null) : null,
    detail: {
      sex: v.nik === '' ? null : Number(v.nik.slice(6, 8)) > 40 ? 'female' : 'male',
      age: v.nik === '' ? null : (126 - Number(v.nik.slice(10, 12))) % 100,
      place: v.place,
      kept: v.step === 'capture' && v.resumedFrom ? 1 : 0,
    },
    mayOpen: true,
  };
}

export function queueMock(world: World): Part {
  let next = 22;
  const due = world.scene === 'birthday';
  let returns: Queue['returns'] =
    world.scene !== 'returns'
      ? []
      : [
          {
            id: 'b001',
            ticket: 'A-004',
            name: 'Ni Luh Sartini',
            maskedNik: '181301••••••9004',
            parts: [{ finger: 'right_index' }, { finger: 'right_middle' }],
            since: '2026-11-18',
            sealed: true,
          },
          {
            id: 'b002',
            ticket: 'A-009',
            name: 'Hasan Basri',
            maskedNik: '181301••••••9009',
            parts: [{ eye: 'left' }],
            since: '2026-11-23',
            sealed: false,
          },
        ];
  const live = () => world.visits.filter((v) => v.state === 'open' || v.state === 'held' || v.state === 'returned');

  async function opened(kind: string): Promise<Visit> {
    const option = KINDS.find((k) => k.kind === kind) ?? KINDS[0]!;
    const n = (next += 1);
    const v: Visit = {
      id: `a0${n}`,
      ticket: `A-0${n}`,
      name: '',
      nik: '',
      kind: option.kind,
      kindLabel: option.label,
      printFrom: null,
      state: 'open',
      step: 'form',
      used: { form: 0 },
      skipped: option.recordsBiometrics ? [] : ['capture', 'attestation'],
      with: null,
      place: '',
      resumedFrom: null,
      returned: null,
      applicantScreen: 'wait',
      values: {},
      extra: {},
    };
    world.visits.push(v);
    world.tell({ event: 'queue_changed' });
    return v;
  }

  return {
    queue: async (role): Promise<Queue> => {
      const all = live()
        .filter((v) => ROLE_STEPS[role].includes(v.step))
        .map((v) => row(v, due))
        .sort(
          (a, b) =>
            Number(CALLS.includes(b.state)) - Number(CALLS.includes(a.state)) ||
            b.waitingSeconds - b.standardSeconds - (a.waitingSeconds - a.standardSeconds),
        );
      const count = (r: Role | 'all') => live().filter((v) => ROLE_STEPS[r].includes(v.step)).length;
      return {
        tabs: (['operator', 'register_officer', 'customer_service', 'printing', 'all'] as const).map((r) => ({
          role: r,
          count: count(r),
        })),
        mine: all.filter((r) => r.with === null),
        moreMine: 0,
        others: all.filter((r) => r.with !== null),
        moreOthers: 0,
        perStep: ORDER.map((step) => ({
          step,
          count: live().filter((v) => v.step === step).length,
          late: live().filter((v) => v.step === step && row(v).late).length,
        })),
        serving: live().length,
        late: live().filter((v) => row(v).late).length,
        today: { recorded: 23, printed: 0, handedOver: 0, averageMinutes: 41 },
        expired: world.expired,
        expireDays: 90,
        slipPrinter: true,
        returns: structuredClone(returns),
        corrections: structuredClone(world.corrections),
      };
    },
    async settleReturn(id, note) {
      if (note.trim() === '') refuse('refused_reason_missing');
      returns = returns.filter((one) => one.id !== id);
      world.tell({ event: 'queue_changed' });
    },
    async openCorrection(id) {
      const wanted = world.corrections.find((one) => one.id === id);
      if (!wanted) return refuse('not_found', { what: 'correction' });
      const known = live().find((v) => v.ticket === wanted.followUp);
      if (known) return world.view(known);
      const begun = await opened('perubahan_data');
      begun.name = wanted.name;
      begun.nik = wanted.maskedNik.replace('••••••', '120379');
      begun.values = { nik: begun.nik, nomor_kk: '1813012501089007', nama: wanted.name.toUpperCase() };
      begun.extra['correction'] = { note: wanted.note, by: 'Yuliana', at: wanted.at, followUp: begun.ticket };
      wanted.followUp = begun.ticket;
      return world.view(begun);
    },
    async settleCorrection(id, note) {
      if (note.trim() === '') refuse('refused_reason_missing');
      world.corrections = world.corrections.filter((one) => one.id !== id);
      world.tell({ event: 'queue_changed' });
    },
    search: async (text) => {
      const q = text.toLowerCase();
      return {
        rows: world.visits
          .filter((v) => `${v.ticket} ${v.name} ${v.nik}`.toLowerCase().includes(q))
          .map((v) => row(v, due)),
        residents: RESIDENTS.filter((r) => `${r.nik} ${r.name}`.toLowerCase().includes(q)),
      };
    },
    async scanCode() {
      return world.scene === 'scan-foreign' ? refuse('code_foreign') : (live()[0]?.ticket ?? refuse('code_none'));
    },
    printTicket: async (id, reason) =>
      printed(world, id, reason, {
        state: world.scene === 'roll-empty' ? 'stopped' : 'done',
        reason: world.scene === 'roll-empty' ? 'paper_out' : null,
        printer: 'Printer slip',
      }),
    ticketPrints: async (id) => printsOf(world, id),
    kinds: async () => structuredClone(KINDS),
    open: async (kind) => world.view(await opened(kind)),
    async openRenewal(what) {
      const v = await opened('foto_tanda_tangan');
      v.extra['renews'] = what;
      return world.view(v);
    },
    permohonan: async (id) => world.view(world.visit(id)),
    async take(id) {
      const v = world.visit(id);
      v.with = null;
      return world.view(v);
    },
    async cancel(id) {
      const v = world.visit(id);
      v.state = 'cancelled';
      return world.view(v);
    },
    async resume(id) {
      const v = world.visit(id);
      v.state = 'open';
      v.returned = null;
      if (v.extra['forPaper'] && ['verification', 'attestation'].includes(v.step)) v.step = 'requirements';
      return world.view(v);
    },
    pause: async (id) => world.view(world.visit(id)),
    async goBack(id, to) {
      const v = world.visit(id);
      v.step = to;
      return world.view(v);
    },
  };
}
