// Step 6 of the twin, and the turn in the queue of prints. ?part= sets up a moment: held.
import type { Backend, PrintRequest, Turn } from '../contract';
import { codes, momentOf, number, type PrintDesk } from './print_desk';
import { refuse, type World } from './world';

type Part = Pick<
  Backend,
  'printRequest' | 'photographBerkas' | 'setPriority' | 'turn' | 'setTurn' | 'renderCover' | 'submitPrintRequest'
>;

export function printRequestMock(world: World, desk: PrintDesk): Part {
  const { queue } = desk;
  const held = momentOf() === 'held';
  const request: PrintRequest = {
    id: '',
    papers: [
      {
        item: 'formulir_perekaman',
        label: 'Formulir Permohonan Perekaman',
        required: true,
        state: 'attached',
        pages: [{ captureId: 'berkas-1' }],
      },
      {
        item: 'kartu_keluarga',
        label: 'Fotokopi KK',
        required: true,
        state: 'attached',
        pages: [{ captureId: 'berkas-2' }, { captureId: 'berkas-3' }],
      },
      { item: 'ktp_lama', label: 'KTP-el lama', required: false, state: 'missing', pages: [] },
    ],
    lines: [
      { condition: 'papers', state: 'met', why: null },
      {
        condition: 'age',
        state: held ? 'hold' : 'met',
        why: held ? { key: 'held_for_age', args: { until: '2027-02-02' } } : null,
      },
      { condition: 'identity', state: 'met', why: null },
      { condition: 'one_request', state: 'met', why: null },
      { condition: 'blangko', state: 'met', why: { key: 'blangko_low', args: { left: '312' } } },
    ],
    printFrom: held ? '2027-02-02' : null,
    priority: 'normal',
    priorityReason: '',
    priorityReasons: codes('sick', 'bpjs', 'school', 'elderly', 'disability', 'travel', 'other'),
    mayPrioritise: true,
    cover: null,
    requestedAt: null,
    position: null,
    queueLength: 4,
    canRequest: !held,
    why: held ? { key: 'held_for_age', args: { until: '2027-02-02' } } : null,
  };
  const asked = async (id: string) => structuredClone({ ...request, id });
  const turnOf = (id: string): Turn => {
    const at = queue.rows.findIndex((one) => one.id === id);
    const row = queue.rows[at];
    const visit = world.visits.find((one) => one.id === id);
    return structuredClone({
      id,
      ticket: row?.ticket ?? visit?.ticket ?? '',
      name: row?.name ?? visit?.name ?? '',
      priority: (row ?? request).priority,
      priorityReason: (row ?? request).priorityReason,
      priorityReasons: request.priorityReasons.filter((one) => one.code !== 'other'),
      position: row ? at + 1 : null,
      queueLength: queue.rows.length,
      why:
        row && row.state !== 'waiting' && row.state !== 'at_centre'
          ? { key: 'print_under_way', args: { blangko: number(desk.serial) } }
          : null,
    });
  };
  return {
    printRequest: asked,
    async photographBerkas(id, item) {
      const paper = request.papers.find((p) => p.item === item) ?? refuse('not_found');
      paper.pages = [...paper.pages, { captureId: `berkas-${item}-${paper.pages.length}` }];
      paper.state = 'attached';
      // What was made of other pages is no cover of this file any more.
      request.cover = null;
      return asked(id);
    },
    async setPriority(id, priority, reason) {
      if (priority === 'urgent' && reason === '') refuse('refused_reason_missing');
      Object.assign(request, { priority, priorityReason: reason, cover: null });
      return asked(id);
    },
    turn: async (id) => turnOf(id),
    async setTurn(id, priority, reason) {
      if (priority === 'urgent' && reason === '') refuse('refused_reason_missing');
      const row = queue.rows.find((one) => one.id === id);
      Object.assign(row ?? request, { priority, priorityReason: reason });
      queue.rows.sort(
        (a, b) =>
          Number(b.priority === 'urgent') - Number(a.priority === 'urgent') || b.waitingSeconds - a.waitingSeconds,
      );
      world.tell({ event: 'queue_changed' });
      return turnOf(id);
    },
    async renderCover(id) {
      request.cover = { documentId: 'cover', pages: 1 };
      return asked(id);
    },
    async submitPrintRequest(id) {
      if (!request.canRequest) refuse('refused_held_for_age', { until: '2027-02-02' });
      const v = world.visit(id);
      v.step = 'print_request';
      return world.advance(v);
    },
  };
}
