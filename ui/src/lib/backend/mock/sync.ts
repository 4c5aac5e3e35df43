// The way to the centre, of the twin.
import type { Backend, SyncPacket, SyncStatus } from '../contract';
import { refuse, type World } from './world';

type Part = Pick<
  Backend,
  | 'syncStatus'
  | 'syncNow'
  | 'syncCancel'
  | 'syncRetry'
  | 'syncMetered'
  | 'syncHalt'
  | 'syncReconciliation'
  | 'syncFindingSeen'
  | 'syncTest'
  | 'activate'
  | 'courierMedia'
  | 'courierExport'
  | 'courierReplies'
  | 'residentsFiles'
  | 'takeResidents'
>;

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
function packet(
  sequence: number,
  name: string,
  maskedNik: string,
  hours: number,
  share: number,
  more: Partial<SyncPacket>,
): SyncPacket {
  const sizes = { id: 14_000, bio: 1_900_000, dok: 240_000 };
  return {
    packetId: `0192-${sequence}`,
    sequence,
    ticket: String(sequence % 1000).padStart(3, '0'),
    name,
    maskedNik,
    sealedAt: ago(hours),
    state: 'waiting',
    urgent: false,
    cause: null,
    argument: null,
    attempts: 0,
    nextAt: null,
    parts: Object.entries(sizes).map(([part, bytes]) => ({ part, bytes, sent: Math.round(bytes * share) })),
    status: null,
    statusAt: null,
    statusReason: null,
    stuck: 'none',
    statusDays: null,
    receiptAt: null,
    receiptPath: null,
    receiptDigest: null,
    ...more,
  };
}

export function syncMock(world: World): Part {
  let status: SyncStatus = {
    centre: world.scene === 'inactive' ? '' : 'https://pusat.example:8443',
    activated: world.scene !== 'inactive',
    certificateUntil: world.scene === 'inactive' ? null : '2027-11-23T03:00:00Z',
    metered: false,
    paused: false,
    running: false,
    cause: world.scene === 'online' ? null : 'no_network',
    dueAt: ago(-0.06),
    recorded: 4212,
    acknowledged: 4203,
    waiting:
      world.scene === 'empty'
        ? []
        : [
            packet(4027, 'Zulkifli', '180414••••••9001', 96, 1, {
              state: 'refused',
              cause: 'refused',
              argument: 'changed_after_signing',
              attempts: 3,
            }),
            packet(4031, 'Gunawan Saputra', '181311••••••9002', 95, 1, { cause: 'receipt_pending', attempts: 2 }),
            packet(4103, 'Wahyu Nugroho', '181307••••••9002', 2.2, 0.8, {
              cause: 'cut',
              attempts: 4,
              nextAt: ago(-0.06),
            }),
            packet(4106, 'Desi Puspita', '181306••••••9001', 2, 0, {}),
          ],
    arrived:
      world.scene === 'empty'
        ? []
        : [
            packet(4026, 'Hasanah', '181305••••••9004', 19, 1, {
              state: 'acked',
              status: 'PRINT_READY_RECORD',
              statusAt: ago(18),
              receiptAt: ago(18.5),
              receiptPath: 'courier',
              receiptDigest: '3e8190c4a7d2f001',
            }),
          ],
    findings: [],
    notices: world.scene === 'empty' ? [] : [{ kind: 'print', receivedAt: ago(18), numbers: [], reason: '' }],
    sending: null,
    oldestDays: world.scene === 'empty' ? null : 4,
    history: [
      { beganAt: ago(1), path: 'network', cause: 'no_network', packets: 0, bytes: 0, changes: 0 },
      { beganAt: ago(18), path: 'network', cause: null, packets: 1, bytes: 2_160_000, changes: 3 },
    ],
  };
  const move = (id: string, cause: string | null): SyncStatus => {
    const waiting = status.waiting.map((p) =>
      p.packetId === id ? { ...p, cause, argument: null, state: 'waiting' } : p,
    );
    return (status = { ...status, waiting });
  };
  const carried = (folder: string) => ({
    folder,
    packets: status.waiting.length,
    bytes: status.waiting.length === 0 ? 0 : 8_616_000,
    changes: 0,
    leftOut: 0,
    refused: 0,
    refusals: [],
  });
  return {
    syncStatus: async () => status,
    syncNow: async () => ({
      acknowledged: 0,
      bytes: 0,
      changes: 0,
      cause: status.cause,
      rest: 'back_off',
      clock: null,
    }),
    syncCancel: async (id) => move(id, 'cancelled'),
    syncRetry: async (id) => move(id, null),
    syncMetered: async (metered) => (status = { ...status, metered }),
    syncHalt: async () => (status = { ...status, running: false }),
    syncReconciliation: async () => ({
      recorded: status.recorded,
      acknowledged: status.acknowledged,
      waiting: status.waiting.length,
      red: 1,
      redAfterDays: 3,
      oldestDays: status.waiting.length > 0 ? 4 : null,
      rows: status.waiting.map((p, n) => ({
        packetId: p.packetId,
        sequence: p.sequence,
        ticket: p.ticket,
        maskedNik: p.maskedNik,
        sealedAt: p.sealedAt,
        state: p.state,
        cause: p.cause,
        acknowledgedAt: null,
        ageDays: Math.floor((Date.now() - Date.parse(p.sealedAt)) / 86_400_000),
        red: n === 0,
      })),
      days: [
        { day: ago(0).slice(0, 10), recorded: 24, acknowledged: 22, red: 0 },
        { day: ago(96).slice(0, 10), recorded: 31, acknowledged: 30, red: 1 },
      ],
    }),
    syncFindingSeen: async (kind, subject) =>
      (status = {
        ...status,
        findings: status.findings.map((f) => (f.kind === kind && f.subject === subject ? { ...f, stands: false } : f)),
      }),
    syncTest: async () => status.cause,
    async activate(centre, code) {
      if (code.length < 8) refuse('activation_code');
      return (status = { ...status, centre, activated: true });
    },
    courierMedia: async () => ['/media/dewi/KURIR'],
    courierExport: async (folder) => carried(folder),
    courierReplies: async (folder) => {
      if (folder.includes('tertukar'))
        return {
          ...carried(folder),
          packets: 0,
          refused: 4,
          refusals: [
            { code: 'other_station', files: 3 },
            { code: 'not_proven', files: 1 },
          ],
        };
      world.heard();
      return { ...carried(folder), changes: 2 };
    },
    residentsFiles: async () => ({
      files: ['/media/dewi/KURIR/penduduk-1813.ndjson'],
      extract: { source: 'file', takenAt: ago(24 * 12), ageDays: 12, stale: true },
    }),
    takeResidents: async (file) => {
      if (!file.endsWith('.ndjson')) refuse('extract_no_file');
      if (file.includes('polos')) refuse('extract_unsigned');
      if (file.includes('asing')) refuse('extract_untrusted', {}, 'bad');
      if (file.includes('rusak')) refuse('extract_altered', {}, 'bad');
      if (file.includes('lama')) refuse('extract_older');
      for (const percent of [25, 50, 75, 100]) world.tell({ event: 'residents_read', percent });
      return { wilayah: '18.13', takenAt: ago(24), count: 164_210 };
    },
  };
}
