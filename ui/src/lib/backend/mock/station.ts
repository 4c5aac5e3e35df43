// Station, sign-in, first start, devices, register and settings of the twin.
import type {
  Backend,
  CardLeft,
  Computer,
  DeviceRow,
  Devices,
  OperatorCard,
  Setup,
  StartFailure,
  StationState,
  Strip,
} from '../contract';
import { refuse, type World } from './world';

const CAPTURE_PARTS = ['activation', 'station', 'wilayah', 'recovery', 'devices_operator'] as const;

type Part = Pick<
  Backend,
  | 'stationState'
  | 'signIn'
  | 'lock'
  | 'touch'
  | 'resetPasswordWithSupervisor'
  | 'strip'
  | 'saveSettings'
  | 'setup'
  | 'setupActivate'
  | 'setupStation'
  | 'setupWilayah'
  | 'setupRecovery'
  | 'setupProveRecovery'
  | 'setupOperator'
  | 'setupTraining'
  | 'devices'
  | 'rescanDevices'
  | 'testDevice'
  | 'bindDevice'
  | 'clearCardPrinter'
  | 'forgetPrinterFault'
  | 'nameRejectedCard'
  | 'supportBundle'
  | 'startFailure'
  | 'saveStartBundle'
  | 'endProgram'
  | 'listen'
>;

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const person = (
  id: string,
  name: string,
  roles: OperatorCard['roles'],
  last: number,
  onDuty = false,
): OperatorCard => ({
  id,
  name,
  initials: name
    .split(' ')
    .map((w) => w[0])
    .slice(0, 2)
    .join(''),
  roles,
  lastSignIn: ago(last),
  onDuty,
  backoff: null,
});

const OPERATORS: OperatorCard[] = [
  person('dewi', 'Dewi Anggraini', ['operator'], 176, true),
  person('rizal', 'Rizal Fahmi', ['printing'], 40),
  person('yuliana', 'Yuliana', ['register_officer', 'customer_service'], 57),
  person('hendra', 'Hendra Saputra', ['supervisor'], 60 * 67),
  person('maya', 'Maya Sari', ['operator'], 60 * 96),
];

function deviceRows(dirty: boolean): DeviceRow[] {
  const row = (
    role: DeviceRow['role'],
    name: string,
    facts: [string, string?][],
    identity: string,
    firmware: string,
    ok: [number, string],
    fault: [number, string, string] | null,
  ): DeviceRow => ({
    role,
    name,
    detail: facts.map(([key, value]) => ({ key, value: value ?? '' })),
    identity,
    firmware,
    state: 'ready',
    since: ago(200),
    reason: null,
    broken: false,
    lastOk: { at: ago(ok[0]), what: ok[1] },
    lastFault: fault ? { at: ago(fault[0]), reason: fault[1], remedy: fault[2] } : null,
    choices: [{ identity, name }],
  });
  const rows = [
    row('camera', 'Kamera USB', [['format', 'MJPEG 1920×1080 @ 30']], '046d:0893', 'v3.10', [51, 'foto 3'], null),
    row(
      'signature_pad',
      'Papan HID 5 inci',
      [['dpi', '410']],
      '056a:00a4',
      'v1.08',
      [41, 'tanda tangan'],
      [60 * 24 * 5, 'pena tidak terbaca', 'Baterai pena diganti.'],
    ),
    row(
      'fingerprint_scanner',
      'Pemindai 4-4-2',
      [
        ['sbi', '0.9.5 Slap'],
        ['port', '4501'],
      ],
      'SBI FS-20417',
      'v2.4.1',
      [25, '1:1 cocok'],
      [47, 'kabel lepas', 'Tersambung lagi semenit kemudian.'],
    ),
    row(
      'iris_scanner',
      'Pemindai dua mata',
      [
        ['sbi', '0.9.5 Double'],
        ['port', '4502'],
      ],
      'SBI IR-08831',
      'v1.9.0',
      [4, 'mata kanan'],
      [6, 'gambar buram 3 kali', 'Lap kaca dengan kain kering.'],
    ),
    row(
      'card_reader',
      'Pembaca nirkontak',
      [['no_sam']],
      '072f:223b',
      '',
      [24, 'UID kartu'],
      [60 * 24 * 7, 'cip tidak menjawab', 'Kartunya yang rusak.'],
    ),
    row('document_printer', 'Printer dokumen', [['media', 'A4']], 'ipp://localhost', '2.0', [27, 'formulir'], null),
  ];
  if (dirty) rows[3] = { ...rows[3]!, state: 'faulted', reason: 'dirty' };
  return rows;
}

const lease = (daysLeft: number): StationState['lease'] => ({
  daysLeft,
  days: 180,
  until: new Date(Date.now() + daysLeft * 864e5).toISOString(),
  over: daysLeft < 0,
});

export function stationMock(world: World): Part {
  const scene = world.scene;
  let station: StationState = {
    phase: scene === 'new' ? 'new' : ['locked', 'backoff', 'permit-locked'].includes(scene) ? 'locked' : 'open',
    training: scene === 'training',
    stationName: 'Stasiun Krui 02',
    office: 'Disdukcapil Pesisir Barat',
    place: 'Loket perekaman, Pesisir Tengah',
    stationCode: '18.13-02',
    version: '0.1.0',
    language: world.english ? 'en' : 'id',
    theme: 'light',
    villageWord: 'Pekon',
    timeZone: 'wib',
    operators: OPERATORS,
    signedIn: null,
    lockedSince: null,
    lockReason: null,
    lease: scene.startsWith('permit') ? lease(-3) : lease(168),
    exchangeOnly: scene === 'permit',
    keyPlace: 'password',
    trainingHint: scene === 'training' ? 'latihan-rekam' : null,
    openApplications: 11,
  };
  // The wording of letters is a supervisor's, the status customer service's.
  const seats: Record<string, string> = { supervisor: 'hendra', wording: 'hendra' };
  for (const served of ['with-centre', 'print-ready', 'duplicate']) seats[served] = 'yuliana';
  const seated = seats[world.scene] ?? 'dewi';
  if (station.phase === 'open') station.signedIn = OPERATORS.find((o) => o.id === seated)!;
  if (scene === 'locked' || scene === 'permit-locked')
    station = { ...station, lockedSince: ago(5), lockReason: 'idle' };
  if (scene === 'backoff')
    station = {
      ...station,
      lockedSince: ago(5),
      lockReason: 'idle',
      operators: OPERATORS.map((o) =>
        o.id === 'dewi' ? { ...o, backoff: { attempts: 4, until: new Date(Date.now() + 24_000).toISOString() } } : o,
      ),
    };
  let rows = deviceRows(scene === 'dirty');
  const strip = (): Strip => ({
    network: scene === 'online' ? { state: 'online', since: null } : { state: 'offline', since: ago(48) },
    unsent: {
      count: scene === 'training' || scene === 'new' ? 0 : 9,
      oldestDays: scene === 'new' ? null : 3,
      sends: scene !== 'training',
    },
    devices: {
      ready: rows.filter((r) => r.state === 'ready').length,
      total: rows.length,
      trouble:
        rows.filter((r) => r.state === 'faulted').map((r) => ({ role: r.role, reason: r.reason ?? '' }))[0] ?? null,
    },
    disk: { freeBytes: 41e9, recordingsLeft: 9800, level: 'ok' },
    blangko: [{ item: 'blangko', count: 312, days: 6, low: true }],
    operator: station.signedIn?.name ?? null,
    unsettled:
      scene === 'unsettled'
        ? ['cut_off', 'revocations', 'renewal']
        : scene === 'packets'
          ? ['unknown_packets', 'unread_packets']
          : [],
  });
  const changed = (next: Partial<StationState>) => {
    station = { ...station, ...next };
    return structuredClone(station);
  };
  world.heard = () => {
    if (!station.exchangeOnly) return;
    changed({ exchangeOnly: false, lease: lease(179) });
    world.tell({ event: 'station_changed' });
  };
  const WORDS = ['7K4M', 'Q2XD', '9RTA', 'W6HJ', '3NPC', 'VE8B', '5GZB', 'F4UK'];
  let setup: Setup = {
    parts: CAPTURE_PARTS.map((part) => ({ part, done: false, summary: [], at: null })),
    current: 'activation',
    recovery: null,
    wilayah: null,
  };
  const finish = (part: (typeof CAPTURE_PARTS)[number], summary: string[], next: Setup['current']): Setup => {
    setup = {
      ...setup,
      current: next,
      parts: setup.parts.map((p) =>
        p.part === part ? { part, done: true, summary, at: new Date().toISOString() } : p,
      ),
    };
    return structuredClone(setup);
  };
  const computer: Computer = {
    disk: { freeBytes: 41e9, recordingsLeft: 9800, level: 'ok', ballastBytes: 2e9, ballastReady: true },
    clock: { state: 'trusted', note: '' },
    certificate: { daysLeft: 219, until: new Date(Date.now() + 219 * 864e5).toISOString(), assurance: 'soft' },
    database: { checkedAt: ago(214), backupAt: ago(24) },
    power: { percent: 38, onBattery: false },
    tables: [
      { key: 'codes.pekerjaan', version: 3 },
      { key: 'wilayah.retired', version: 1 },
    ],
  };
  const part = typeof location === 'undefined' ? '' : (new URLSearchParams(location.search).get('part') ?? '');
  /**
   * The card printer of the desk; ?part= sets up a moment: inside, running, rejected, stuck (it reports what was put right),
   * seven (a row more), full (nine devices and none of a card printer's own panel).
   */
  const cardLeft: CardLeft = {
    why: part === 'running' ? { key: 'card_out_running', args: {} } : null,
    ticket: part === 'inside' ? 'A-010' : '',
    serial: part === 'inside' ? '0718-224-913' : null,
    rejected: part === 'rejected' ? [ago(20)] : [],
  };
  const printer: DeviceRow = {
    ...rows[rows.length - 1]!,
    role: 'card_printer',
    name: 'Printer kartu',
    detail: [{ key: 'reason', value: 'cover_open' }],
    identity: 'evolis://127.0.0.1:18000',
    state: 'faulted',
    reason: 'not_ready',
  };
  if (part === 'stuck') rows[rows.length - 1] = printer;
  if (part === 'seven')
    rows = [...rows, { ...printer, name: 'Printer kartu', detail: [], state: 'ready', reason: null }];
  if (part === 'full')
    rows = [
      { ...rows[0]!, name: 'MJPEG/HTTP', identity: 'url:http://127.0.0.1:41873/kamera', firmware: '' },
      ...rows.slice(1),
      {
        ...rows[2]!,
        role: 'finger_verifier',
        name: 'ZFM-20 / R30x',
        detail: [
          { key: 'ppi', value: '500' },
          { key: 'grey_levels', value: '16' },
          { key: 'one_to_one', value: '' },
        ],
        identity: 'finger_verifier:line:/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A10K55XY-if00-port0',
        firmware: '',
        state: 'present',
      },
      { ...printer, name: 'Printer kartu bolak-balik', detail: [], state: 'ready', reason: null },
      { ...rows[rows.length - 1]!, role: 'slip_printer', name: 'Printer struk 80 mm', identity: '04b8:0e15' },
    ];
  const devices = (): Devices => ({
    rows: structuredClone(rows),
    computer,
    cardLeft: part === 'full' ? null : structuredClone(cardLeft),
    seenAt: new Date().toISOString(),
  });

  return {
    stationState: async () => structuredClone(station),
    async signIn(operatorId, password) {
      const who = station.operators.find((o) => o.id === operatorId) ?? station.operators[0]!;
      const set = (next: Partial<OperatorCard>) =>
        station.operators.map((o) => (o.id === who.id ? { ...o, ...next } : o));
      const wait = who.backoff ? Math.ceil((Date.parse(who.backoff.until) - Date.now()) / 1000) : 0;
      if (wait > 0) refuse('too_early', { seconds: String(wait) });
      if (password === 'salah' || password === '') {
        const attempts = (who.backoff?.attempts ?? 0) + 1;
        const pause = Math.min(300, 2 ** attempts);
        changed({
          operators: set({ backoff: { attempts, until: new Date(Date.now() + pause * 1000).toISOString() } }),
        });
        refuse('wrong_password', { seconds: String(pause) });
      }
      return changed({
        phase: 'open',
        signedIn: { ...who, onDuty: true, backoff: null },
        operators: set({ backoff: null }).map((o) => ({ ...o, onDuty: o.id === who.id })),
        exchangeOnly: station.lease?.over ?? false,
        lockedSince: null,
        lockReason: null,
      });
    },
    lock: async () =>
      changed({
        phase: 'locked',
        exchangeOnly: false,
        signedIn: null,
        lockedSince: new Date().toISOString(),
        lockReason: 'asked',
      }),
    touch: async () => undefined,
    resetPasswordWithSupervisor: async (operatorId, _supervisorId, supervisorPassword, newPassword) => {
      if (supervisorPassword === 'salah') refuse('wrong_password', { seconds: '2' });
      if (newPassword.length < 10) refuse('weak_password_short');
      return changed({
        operators: station.operators.map((o) => (o.id === operatorId ? { ...o, backoff: null } : o)),
      });
    },
    strip: async () => strip(),
    saveSettings: async (settings) => changed(settings),

    setup: async () => structuredClone(setup),
    async setupActivate(centre, station, code) {
      if (station.length > 26) refuse('station_code_long');
      if (code !== '' && code.replace(/\W/g, '').length < 8) refuse('activation_code');
      return finish('activation', code === '' ? [station] : [station, centre], 'station');
    },
    setupStation: async (name, place) => finish('station', [name, place, '18.13-03'], 'wilayah'),
    async setupWilayah(kabupaten, villageWord) {
      setup = {
        ...setup,
        wilayah: { code: kabupaten, name: 'Kabupaten Pesisir Barat', kecamatan: 11, villages: 118, residents: 162_418 },
      };
      return finish('wilayah', [`Kabupaten Pesisir Barat, ${kabupaten}`, villageWord], 'recovery');
    },
    async setupRecovery() {
      setup = {
        ...setup,
        recovery: {
          groups: [...WORDS],
          ask: [2, 5],
          districtKey: false,
          proved: false,
        },
      };
      return structuredClone(setup);
    },
    async setupProveRecovery(answers, holder, place) {
      if (answers[0]?.toUpperCase() !== WORDS[2] || answers[1]?.toUpperCase() !== WORDS[5]) refuse('recovery_mismatch');
      return finish('recovery', [holder, place], 'devices_operator');
    },
    async setupOperator(name, roles) {
      if (!roles.includes('supervisor')) refuse('setup_supervisor');
      changed({ phase: 'locked', lockReason: 'start' });
      return finish('devices_operator', [name], 'finished');
    },
    setupTraining: async () =>
      changed({ phase: 'locked', training: true, trainingHint: 'latihan-rekam', lockReason: 'start' }),

    devices: async () => devices(),
    async rescanDevices() {
      rows = deviceRows(false);
      world.tell({ event: 'devices_changed' });
      return devices();
    },
    async testDevice(role) {
      await new Promise((done) => setTimeout(done, 700));
      const row = rows.find((r) => r.role === role);
      if (row) row.lastOk = { at: new Date().toISOString(), what: 'uji' };
      return {
        ok: true,
        reason: null,
        detail: [role === 'fingerprint_scanner' ? { key: 'certificate', value: '' } : { key: 'ready', value: 'true' }],
        tookMs: 712,
      };
    },
    async bindDevice(role, identity) {
      rows = rows.map((r) => (r.role === role ? { ...r, identity } : r));
      return devices();
    },
    async clearCardPrinter(to) {
      if (cardLeft.why) refuse(cardLeft.why.key);
      if (cardLeft.serial === null && to === 'reject_box') cardLeft.rejected.push(new Date().toISOString());
      Object.assign(cardLeft, { ticket: '', serial: null });
      return devices();
    },
    async forgetPrinterFault() {
      if (cardLeft.why) refuse(cardLeft.why.key);
      Object.assign(printer, { detail: [], state: 'ready', reason: null });
      return devices();
    },
    async nameRejectedCard(serial, note) {
      if (cardLeft.rejected.length === 0) refuse('refused_nothing_under_way');
      if (serial === '' && note === '') refuse('refused_reason_missing');
      if (serial !== '' && note === '') refuse('rejected_in_stock', { serial });
      cardLeft.rejected.shift();
      return devices();
    },
    startFailure: async (): Promise<StartFailure> => ({
      key: scene === 'hung' ? 'start_hung' : 'start_settings',
      folder: '/home/petugas/.local/share/rekam',
      detail:
        scene === 'hung'
          ? 'the program that holds the data folder does not answer (process 4711)'
          : 'settings: settings cannot be used: kapture = { attempts = 5 } (allowed: unknown); devices.signature_model = "siglit" (allowed: one_of) words "siglite", "siggem"',
      version: station.version,
      settings:
        scene === 'hung'
          ? []
          : [
              { key: 'kapture', value: '{ attempts = 5 }', allowed: { key: 'unknown', args: {} } },
              {
                key: 'devices.signature_model',
                value: '"siglit"',
                allowed: { key: 'one_of', args: { words: '"siglite", "siggem"' } },
              },
            ],
    }),
    saveStartBundle: async () => '/home/petugas/.local/share/rekam/dukungan/rekam-gagal-mulai-2026-11-28T024500Z',
    endProgram: async () => undefined,
    supportBundle: async (save) => ({
      files: [
        { name: 'catatan-7-hari.log', bytes: 1_900_000 },
        { name: 'alat.json', bytes: 120_000 },
        { name: 'versi.txt', bytes: 1200 },
        { name: 'setelan.json', bytes: 4000 },
      ],
      totalBytes: 2_025_200,
      preview:
        '2026-11-23T03:37:02Z alat terlepas peran=fingerprint_scanner\n2026-11-23T03:38:11Z alat siap peran=fingerprint_scanner\n2026-11-23T03:49:40Z paket tersegel nomor_urut=4212',
      savedTo: save ? '/media/FLASHDISK/rekam-dukungan-2026-11-23.zip' : null,
    }),

    async listen(handler) {
      world.listeners.add(handler);
      return () => world.listeners.delete(handler);
    },
  };
}
