// The words that pass between the window and the shell. Field names are those of the Rust types in src-tauri/src/dto.
// Times are ISO-8601 UTC text; durations are whole seconds; images travel as bytes and are named by an id.

export type Step =
  | 'form' | 'requirements' | 'verification' | 'capture' | 'attestation'
  | 'print_request' | 'status' | 'print' | 'handover';
export type Modality = 'portrait' | 'fingers' | 'irises' | 'signature' | 'rematch';
export type Role = 'register_officer' | 'operator' | 'customer_service' | 'printing' | 'supervisor';
export type DeviceRole =
  | 'camera' | 'signature_pad' | 'fingerprint_scanner' | 'iris_scanner' | 'card_reader' | 'document_printer' | 'finger_verifier';
export type FingerName =
  | 'right_thumb' | 'right_index' | 'right_middle' | 'right_ring' | 'right_little'
  | 'left_thumb' | 'left_index' | 'left_middle' | 'left_ring' | 'left_little';
export type EyeName = 'right' | 'left';
export type SlapName = 'right_four' | 'left_four' | 'thumbs';
export type Level = 'ok' | 'info' | 'warn' | 'hard';

/** What every refused or failed call throws. `key` finds the three sentences: errors.<key>.{happened,safe,next}. */
export interface AppError {
  code: string;
  key: string;
  /** hold = not now, nothing is broken (amber); bad = broken (red). */
  tone: 'hold' | 'bad';
  args: Record<string, string>;
}

// ---- station, sign-in, frame ----

export interface OperatorCard {
  id: string; name: string; initials: string; roles: Role[]; lastSignIn: string | null; onDuty: boolean;
}
export interface StationState {
  phase: 'new' | 'locked' | 'open';
  training: boolean;
  stationName: string; office: string; place: string; stationCode: string;
  version: string; language: 'id' | 'en'; theme: 'light' | 'dark' | 'system';
  /** What this district calls level 4: "Pekon", "Desa", … */
  villageWord: string;
  operators: OperatorCard[];
  signedIn: OperatorCard | null;
  lockedSince: string | null;
  lockReason: 'start' | 'idle' | 'asked' | null;
  /** Wrong passwords in a row and the moment when the next try is allowed. */
  backoff: { attempts: number; until: string } | null;
  lease: { daysLeft: number; until: string } | null;
  keyPlace: 'password' | 'tpm_and_password';
  /** In training the passwords are public and shown. */
  trainingHint: string | null;
  openApplications: number;
}
export interface Strip {
  network: { state: 'online' | 'offline'; since: string | null };
  unsent: { count: number; oldestDays: number | null };
  devices: { ready: number; total: number; trouble: { role: DeviceRole; reason: string } | null };
  disk: { freeBytes: number; recordingsLeft: number; level: 'ok' | 'low' | 'full' };
  /** null until the stock ledger exists. */
  blangko: { count: number; days: number } | null;
  operator: string | null;
}
export interface RailStep {
  step: Step; number: number;
  state: 'done' | 'current' | 'todo' | 'skipped' | 'unavailable' | 'held';
  usedSeconds: number | null; standardSeconds: number; late: boolean;
}

// ---- queue ----

export interface QueueRow {
  id: string; ticket: string; name: string; maskedNik: string;
  kind: string; kindNote: string | null;
  step: Step; waitingSeconds: number; standardSeconds: number; late: boolean;
  with: string | null; state: 'open' | 'returned' | 'held' | 'sealed';
  detail: { sexAge: string; place: string; next: string; resumed: string | null };
}
export interface Queue {
  tabs: { role: Role | 'all'; count: number }[];
  mine: QueueRow[]; others: QueueRow[];
  perStep: { step: Step; count: number; late: number }[];
  serving: number; late: number;
  today: { recorded: number; printed: number; handedOver: number; averageMinutes: number | null };
}
export interface KindOption { kind: string; label: string; hint: string; papers: string[]; recordsBiometrics: boolean }

// ---- one application ----

export interface Permohonan {
  id: string; ticket: string; name: string; nik: string; kind: string; kindLabel: string;
  state: 'open' | 'returned' | 'cancelled' | 'expired' | 'held' | 'sealed' | 'done';
  step: Step; rail: RailStep[]; clockSeconds: number; standardSeconds: number;
  /** Key of the words now on the applicant's screen. */
  applicantScreen: string;
  /** Set after a restart or power loss: what was kept. */
  resumedFrom: { key: string; args: Record<string, string> } | null;
  returned: { reasons: string[]; note: string; at: string } | null;
}

export interface Finding { level: Level; rule: string; text: string }
export interface FormField {
  unsur: string; label: string; value: string;
  /** The value in words when it is a code (table label, wilayah name). */
  shown: string;
  input: 'text' | 'nik' | 'kk' | 'date' | 'code' | 'wilayah' | 'rt';
  table: string | null; required: boolean; findings: Finding[]; savedAt: string | null;
}
export interface Form {
  id: string; kind: string; kindLabel: string; fields: FormField[];
  prefilledFrom: { source: string; takenAt: string } | null;
  canSubmit: boolean; why: { key: string; args: Record<string, string> } | null;
}
export interface FieldSaved { field: FormField; savedAt: string; canSubmit: boolean; why: Form['why']; name: string; nik: string }
export interface CodeRow { code: string; label: string }
export interface WilayahRow { code: string; name: string; path: string }
export interface ResidentRow { nik: string; maskedNik: string; name: string; born: string; place: string }
export interface ResidentHit { row: ResidentRow; takenAt: string; source: string }

export interface RequirementItem {
  id: string; label: string; required: boolean;
  state: 'missing' | 'seen' | 'attached'; pages: { captureId: string }[]; note: string;
}
export interface Requirements {
  items: RequirementItem[]; canAccept: boolean; why: Form['why']; reasons: { code: string; text: string }[];
  age: { years: number; months: number; mayPrint: boolean; mayRecord: boolean } | null;
}

export interface DiffRow {
  unsur: string; label: string; form: string; record: string | null;
  result: 'same' | 'differs' | 'form' | 'record' | 'no_record'; note: string;
  /** Static element: only with a paper as proof. */
  needsProof: boolean;
}
export interface NikPart { digits: string; text: string; mark: boolean }
export interface Verification {
  rows: DiffRow[]; open: number; done: number;
  nik: { level: Level; parts: NikPart[]; findings: Finding[] };
  recorded: { here: number; hereHit: boolean; centreListAt: string | null; centreHit: boolean | null; answer: 'never' | 'elsewhere' | null; card: 'not_read' | 'no_card' | 'has_card'; cardPhotoId: string | null };
  extract: { source: string; takenAt: string; ageDays: number; stale: boolean } | null;
  papers: { label: string; ok: boolean; note: string }[];
  warnings: { rule: string; text: string; confirmed: string | null }[];
  operatorFinger: 'not_needed' | 'needed' | 'done';
  readAloudAt: string | null;
  canGoOn: boolean; why: Form['why'];
}

// ---- capture ----

export interface Quality { score: number | null; source: 'rekam' | 'device'; reasons: string[]; good: boolean }
export interface PortraitAttempt {
  captureId: string; number: number; takenAt: string; good: boolean; best: boolean; chosen: boolean;
  reasons: string[]; judgedReasons: string[]; widthPx: number; heightPx: number;
}
export interface MeasuredCheck { check: 'single_face' | 'size_position' | 'light' | 'sharpness' | 'exposure' | 'backdrop'; ok: boolean; value: string; advice: string | null }
export interface PortraitState {
  attempts: PortraitAttempt[]; measured: MeasuredCheck[];
  judged: { line: 'eyes_open' | 'no_glasses' | 'forehead_visible' | 'head_upright'; ticked: boolean; by: string | null; at: string | null }[];
  backdrop: { colour: 'biru' | 'merah'; birthYear: number | null };
  approval: { state: 'none' | 'waiting' | 'approved' | 'verbal' | 'refused'; since: string | null; attempt: number | null };
}
export interface FingerState {
  finger: FingerName; state: 'pending' | 'reading' | 'good' | 'weak' | 'accepted_low' | 'exception';
  captureId: string | null; quality: Quality | null; attempts: number;
}
export interface SlapState {
  slap: SlapName; state: 'pending' | 'current' | 'done' | 'excepted'; attempts: number; bestAttempt: number | null; accepted: 'good' | 'with_note' | null; expected: FingerName[];
}
export interface EyeState {
  eye: EyeName; state: 'pending' | 'reading' | 'good' | 'weak' | 'accepted_low' | 'exception';
  captureId: string | null; quality: Quality | null; attempts: { number: number; at: string; reasons: string[]; good: boolean }[];
}
export interface SignatureState { state: 'pending' | 'done' | 'exception'; captureId: string | null; takenAt: string | null; source: 'pen' | 'touch' | 'mouse' | 'topaz' | null }
export interface RematchFinger {
  finger: FingerName; chip: 1 | 2; state: 'pending' | 'matched' | 'not_yet' | 'noted' | 'exception';
  recordedId: string | null; nowId: string | null; limit: number;
  attempts: { number: number; at: string; score: number; reasons: string[] }[]; device: string; belowEnrolment: boolean;
}
export type BodyPart = { finger: FingerName } | { eye: EyeName } | { other: 'signature' };
export interface ExceptionState {
  id: string; part: BodyPart; reason: string; permanence: 'permanent' | 'temporary'; returnOn: string | null;
  photo: 'not_needed' | 'needed' | 'taken'; photoId: string | null;
  witness: { name: string; at: string } | null; substitute: string | null; valid: boolean;
}
export interface Capture {
  modality: Modality;
  tabs: { modality: Modality; state: 'done' | 'current' | 'todo' | 'blocked' | 'not_needed' }[];
  portrait: PortraitState; slaps: SlapState[]; fingers: FingerState[]; eyes: EyeState[];
  lensAnswer: { worn: boolean; at: string } | null;
  signature: SignatureState; rematch: RematchFinger[]; exceptions: ExceptionState[];
  witnesses: { id: string; name: string }[];
  exceptionReasons: { part: 'finger' | 'eye' | 'signature'; code: string; label: string; photo: boolean }[];
  devices: { role: DeviceRole; state: DeviceState }[];
  trouble: DeviceTrouble | null;
  notices: { kind: 'same_finger_twice' | 'hands_swapped' | 'same_eye_twice'; parts: string[] }[];
  saved: { label: string; args: Record<string, string>; at: string | null; state: 'saved' | 'waiting' | 'todo' }[];
  canFinish: boolean; why: Form['why'];
  /** When the data were read aloud (a signature exception needs it); absent or null = not yet. */
  readAloudAt?: string | null;
}
export interface DeviceTrouble { role: DeviceRole; reason: string; since: string; during: string; saved: string[]; next: string }
export interface SlapResult { capture: Capture; accepted: boolean; attempt: number; fingers: { finger: FingerName; captureId: string; quality: Quality }[]; advice: string | null }

/** One preview message: JPEG and what was measured on it. Sent as [u32 BE length of JSON][JSON][JPEG]. */
export interface PreviewMeasure {
  seq: number; at: number; droppedBefore: number;
  /** Box of the face, in shares of width and height. */
  face: { x: number; y: number; w: number; h: number } | null;
  checks: MeasuredCheck[]; advice: string | null;
  /** Iris scanner only: distance when it can be measured, and which eye the advice is about. */
  iris?: { distanceCm: number | null; eye: EyeName | null };
}

// ---- attestation ----

/** x and y in shares of the pad's width (so y ends at height/width), t in ms since the first touch, p pressure 0–1
 *  (0 = the device tells none), down = ink until the next point. */
export interface StrokePoint { x: number; y: number; t: number; p: number; down: boolean }
export interface Attestation {
  lines: { unsur: string; label: string; value: string }[];
  portraitId: string | null; photoApprovedAt: string | null;
  answer: { state: 'none' | 'correct' | 'wrong'; at: string | null; note: string; by: 'screen' | 'operator' | null };
  readAloudAt: string | null;
  signature: SignatureState; substitute: ExceptionState | null;
  form: { documentId: string; pages: number; renderedAt: string; printedAt: string | null } | null;
  packet: { packetId: string; sealedAt: string; sequence: number; parts: { part: 'id' | 'bio' | 'dok'; bytes: number; sha256: string }[]; training: boolean } | null;
  exceptions: ExceptionState[]; canSeal: boolean; why: Form['why'];
}
export interface PrintJob { state: 'sent' | 'printing' | 'done' | 'stopped' | 'cancelled' | 'unknown'; reason: string | null; printer: string }

/** What the applicant's own screen shows. */
export interface ApplicantScreen {
  view: 'idle' | 'wait' | 'confirm_data' | 'approve_photo' | 'finger_guide' | 'iris_guide' | 'sign' | 'done';
  salutation: string; step: number; lines: { label: string; value: string }[];
  portraitId: string | null; photoApproved: boolean; guide: { slap: SlapName | null; finger: FingerName | null; missing: FingerName[] } | null;
  answered: 'none' | 'correct' | 'wrong'; next: string;
  /** The application on this screen and what a signature on it is for; null when there is nothing to answer. */
  id: string | null; purpose: 'specimen' | 'attestation' | null;
}

// ---- devices ----

export type DeviceState = 'absent' | 'present' | 'opening' | 'ready' | 'busy' | 'faulted';
export interface DeviceRow {
  role: DeviceRole; name: string; identity: string; firmware: string; detail: string; state: DeviceState; since: string | null;
  reason: string | null; lastOk: { at: string; what: string } | null; lastFault: { at: string; reason: string; remedy: string } | null;
  choices: { identity: string; name: string }[];
}
export interface Computer {
  disk: Strip['disk'] & { ballastBytes: number };
  clock: { state: 'trusted' | 'unchecked' | 'suspect'; note: string };
  certificate: { daysLeft: number; until: string; assurance: 'soft' | 'tpm' } | null;
  database: { checkedAt: string | null; problems: number; backupAt: string | null };
  power: { percent: number | null; onBattery: boolean } | null;
}
export interface Devices { rows: DeviceRow[]; computer: Computer; seenAt: string }
export interface DeviceTest { ok: boolean; reason: string | null; detail: string; tookMs: number }
export interface SupportBundle { files: { name: string; bytes: number }[]; totalBytes: number; preview: string; savedTo: string | null }

// ---- register ----

export interface RegisterRow {
  number: number; at: string; permohonanId: string | null; ticket: string; name: string; maskedNik: string; kind: string;
  event: string; eventLabel: string; officer: string; correctionOf: number | null; text: string; rowHash: string;
}
export interface RegisterPage {
  rows: RegisterRow[]; total: number; period: { from: string; to: string };
  verified: { upTo: number; at: string; intact: boolean; brokenAt: number | null; kind: string | null } | null;
  day: { page: number; from: number; to: number; checkpoint: string };
}

// ---- first start ----

export interface Setup {
  parts: { part: 'activation' | 'station' | 'wilayah' | 'recovery' | 'devices_operator'; done: boolean; summary: string[]; at: string | null }[];
  current: 'activation' | 'station' | 'wilayah' | 'recovery' | 'devices_operator' | 'finished';
  recovery: { groups: (string | null)[]; ask: number[]; districtKey: boolean; proved: boolean } | null;
  wilayah: { code: string; name: string; kecamatan: number; villages: number; residents: number } | null;
}

export interface Settings { language: 'id' | 'en'; theme: 'light' | 'dark' | 'system' }

export type BackendEvent =
  | { event: 'strip_changed' } | { event: 'queue_changed' } | { event: 'devices_changed' }
  | { event: 'permohonan_changed'; id: string } | { event: 'applicant_changed' } | { event: 'station_changed' }
  | { event: 'pad_stroke'; points: StrokePoint[] };

/** The one door. `tauri.ts` reaches the shell, `mock.ts` stands in for it in component tests and design work. */
export interface Backend {
  stationState(): Promise<StationState>;
  signIn(operatorId: string, password: string): Promise<StationState>;
  lock(): Promise<StationState>;
  /** Tells the shell that somebody is at the desk; the shell locks after its own idle time. */
  touch(): Promise<void>;
  resetPasswordWithSupervisor(operatorId: string, supervisorId: string, supervisorPassword: string, newPassword: string): Promise<StationState>;
  strip(): Promise<Strip>;
  saveSettings(settings: Settings): Promise<StationState>;

  setup(): Promise<Setup>;
  setupActivate(code: string): Promise<Setup>;
  setupStation(name: string, place: string, role: 'counter' | 'mobile'): Promise<Setup>;
  setupWilayah(kabupaten: string, villageWord: string): Promise<Setup>;
  setupRecovery(): Promise<Setup>;
  setupProveRecovery(answers: string[], holder: string, place: string): Promise<Setup>;
  setupOperator(name: string, roles: Role[], password: string): Promise<Setup>;
  setupTraining(): Promise<StationState>;

  queue(role: Role | 'all'): Promise<Queue>;
  search(text: string): Promise<{ rows: QueueRow[]; residents: ResidentRow[] }>;
  kinds(): Promise<KindOption[]>;
  open(kind: string): Promise<Permohonan>;
  permohonan(id: string): Promise<Permohonan>;
  take(id: string): Promise<Permohonan>;
  cancel(id: string, reason: string): Promise<Permohonan>;
  resume(id: string): Promise<Permohonan>;
  pause(id: string): Promise<Permohonan>;

  form(id: string): Promise<Form>;
  saveField(id: string, unsur: string, value: string): Promise<FieldSaved>;
  prefill(id: string, nik: string): Promise<Form>;
  residentSuggest(text: string): Promise<ResidentRow[]>;
  residentFamily(kk: string): Promise<ResidentRow[]>;
  codes(table: string): Promise<CodeRow[]>;
  wilayahSearch(text: string): Promise<WilayahRow[]>;
  submitForm(id: string): Promise<Permohonan>;

  requirements(id: string): Promise<Requirements>;
  setRequirement(id: string, item: string, seen: boolean, note: string): Promise<Requirements>;
  photographRequirement(id: string, item: string): Promise<Requirements>;
  acceptRequirements(id: string): Promise<Permohonan>;
  returnToApplicant(id: string, reasons: string[], note: string): Promise<Permohonan>;

  verification(id: string): Promise<Verification>;
  chooseSource(id: string, unsur: string, source: 'form' | 'record', note: string): Promise<Verification>;
  confirmWarning(id: string, rule: string, reason: string): Promise<Verification>;
  answerRecorded(id: string, answer: 'never' | 'elsewhere'): Promise<Verification>;
  readCard(id: string): Promise<Verification>;
  operatorFinger(id: string): Promise<Verification>;
  markReadAloud(id: string): Promise<void>;
  finishVerification(id: string): Promise<Permohonan>;

  capture(id: string): Promise<Capture>;
  gotoModality(id: string, modality: Modality): Promise<Capture>;
  /** Starts a live preview; frames reach `onFrame` newest first, at most two unacknowledged. Returns the stopper. */
  preview(role: 'camera' | 'fingerprint_scanner' | 'iris_scanner', id: string | null, onFrame: (m: PreviewMeasure, jpeg: Blob) => Promise<void>): Promise<() => Promise<void>>;
  takePortrait(id: string): Promise<Capture>;
  judgePortrait(id: string, line: string, ticked: boolean): Promise<Capture>;
  choosePortrait(id: string, captureId: string, reason: string | null): Promise<Capture>;
  approvePortrait(id: string, by: 'applicant' | 'verbal'): Promise<Capture>;
  refusePortrait(id: string): Promise<Capture>;
  captureSlap(id: string, slap: SlapName): Promise<SlapResult>;
  acceptSlap(id: string, slap: SlapName, note: string): Promise<Capture>;
  answerLens(id: string, worn: boolean): Promise<Capture>;
  captureIrises(id: string, eyes: EyeName[]): Promise<Capture>;
  acceptEye(id: string, eye: EyeName, note: string): Promise<Capture>;
  rematch(id: string, finger: FingerName): Promise<Capture>;
  rematchNote(id: string, finger: FingerName, note: string, witnessId: string, witnessPassword: string): Promise<Capture>;
  changeChipFinger(id: string, chip: 1 | 2, finger: FingerName): Promise<Capture>;
  cancelDevice(role: DeviceRole): Promise<void>;
  putException(id: string, part: BodyPart, reason: string, permanence: 'permanent' | 'temporary', returnOn: string | null): Promise<Capture>;
  exceptionPhoto(id: string, exceptionId: string): Promise<Capture>;
  witnessException(id: string, exceptionId: string, witnessId: string, password: string): Promise<Capture>;
  removeException(id: string, exceptionId: string): Promise<Capture>;
  saveSignature(id: string, purpose: 'specimen' | 'attestation', source: 'pen' | 'touch' | 'mouse', points: StrokePoint[]): Promise<Capture>;
  padSignature(id: string, purpose: 'specimen' | 'attestation'): Promise<Capture>;
  finishCapture(id: string): Promise<Permohonan>;
  /** Bytes of a stored picture (JPEG or PNG) as an object URL; revoke it after use. */
  image(captureId: string): Promise<string>;

  attestation(id: string): Promise<Attestation>;
  answerData(id: string, answer: 'correct' | 'wrong', note: string, by: 'screen' | 'operator'): Promise<Attestation>;
  renderForm(id: string): Promise<Attestation>;
  documentPage(documentId: string, page: number, dpi: number): Promise<string>;
  printDocument(documentId: string): Promise<PrintJob>;
  seal(id: string): Promise<Attestation>;

  applicantScreen(): Promise<ApplicantScreen>;
  openApplicantScreen(): Promise<void>;

  devices(): Promise<Devices>;
  rescanDevices(): Promise<Devices>;
  testDevice(role: DeviceRole): Promise<DeviceTest>;
  bindDevice(role: DeviceRole, identity: string): Promise<Devices>;
  supportBundle(save: boolean): Promise<SupportBundle>;

  register(filter: { period: 'today' | 'week' | 'month' | 'range'; from: string | null; to: string | null; text: string; before: number | null }): Promise<RegisterPage>;
  registerVerify(): Promise<RegisterPage['verified']>;
  registerPrintDay(day: string): Promise<{ documentId: string; pages: number }>;

  listen(handler: (e: BackendEvent) => void): Promise<() => void>;
}
