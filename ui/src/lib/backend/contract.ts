// The words that pass between the window and the shell. The types are made from Rust (src-tauri/crates/station/src/view);
// only the door itself is written here. Times are ISO-8601 UTC text; durations are whole seconds; images travel as bytes
// and are named by an id.
import type {
  Answer,
  AnswerBy,
  ApplicantScreen,
  ApprovedBy,
  Attestation,
  BodyPart,
  Capture,
  CodeRow,
  CourierReport,
  DeviceRole,
  Devices,
  DeviceTest,
  DiffSource,
  DocumentRef,
  EyeName,
  FieldSaved,
  FingerName,
  Form,
  KindOption,
  Modality,
  NoticeKind,
  Permanence,
  Permohonan,
  PreviewMeasure,
  PrintJob,
  Queue,
  QueueTab,
  RecordedAnswer,
  RegisterFilter,
  RegisterPage,
  Requirements,
  ResidentRow,
  Role,
  SearchResult,
  Settings,
  Setup,
  SignaturePurpose,
  SignatureSource,
  SlapName,
  SlapResult,
  StationKind,
  StationState,
  Step,
  Strip,
  StrokePoint,
  SupportBundle,
  SyncReport,
  SyncStatus,
  Verification,
  WilayahRow,
} from '$lib/generated/types';

export type * from '$lib/generated/types';

export type BackendEvent =
  | { event: 'strip_changed' }
  | { event: 'queue_changed' }
  | { event: 'devices_changed' }
  | { event: 'permohonan_changed'; id: string }
  | { event: 'applicant_changed' }
  | { event: 'station_changed' }
  | { event: 'pad_stroke'; points: StrokePoint[] };

/** The one door. `tauri.ts` reaches the shell, `mock.ts` stands in for it in component tests and design work. */
export interface Backend {
  stationState(): Promise<StationState>;
  signIn(operatorId: string, password: string): Promise<StationState>;
  lock(): Promise<StationState>;
  /** Tells the shell that somebody is at the desk; the shell locks after its own idle time. */
  touch(): Promise<void>;
  resetPasswordWithSupervisor(
    operatorId: string,
    supervisorId: string,
    supervisorPassword: string,
    newPassword: string,
  ): Promise<StationState>;
  strip(): Promise<Strip>;
  saveSettings(settings: Settings): Promise<StationState>;

  setup(): Promise<Setup>;
  /** Without a code: activation is left for later. */
  setupActivate(centre: string, station: string, code: string): Promise<Setup>;
  setupStation(name: string, place: string, role: StationKind): Promise<Setup>;
  setupWilayah(kabupaten: string, villageWord: string): Promise<Setup>;
  setupRecovery(): Promise<Setup>;
  setupProveRecovery(answers: string[], holder: string, place: string): Promise<Setup>;
  setupOperator(name: string, roles: Role[], password: string): Promise<Setup>;
  setupTraining(): Promise<StationState>;

  queue(role: QueueTab): Promise<Queue>;
  search(text: string): Promise<SearchResult>;
  kinds(): Promise<KindOption[]>;
  open(kind: string): Promise<Permohonan>;
  permohonan(id: string): Promise<Permohonan>;
  take(id: string): Promise<Permohonan>;
  cancel(id: string, reason: string): Promise<Permohonan>;
  resume(id: string): Promise<Permohonan>;
  pause(id: string): Promise<Permohonan>;
  /** Back to an earlier step; what was captured is kept, confirmations of later steps are asked again. */
  goBack(id: string, to: Step): Promise<Permohonan>;

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
  /** Asks the centre about the NIK; out of reach is no error: the answer says so. */
  askCentre(id: string): Promise<Verification>;
  chooseSource(id: string, unsur: string, source: DiffSource, note: string): Promise<Verification>;
  confirmWarning(id: string, rule: string, reason: string): Promise<Verification>;
  answerRecorded(id: string, answer: RecordedAnswer): Promise<Verification>;
  readCard(id: string): Promise<Verification>;
  operatorFinger(id: string): Promise<Verification>;
  markReadAloud(id: string): Promise<void>;
  finishVerification(id: string): Promise<Permohonan>;

  capture(id: string): Promise<Capture>;
  gotoModality(id: string, modality: Modality): Promise<Capture>;
  /** Starts a live preview; frames reach `onFrame` newest first, at most two unacknowledged. Returns the stopper. */
  preview(
    role: 'camera' | 'fingerprint_scanner' | 'iris_scanner',
    id: string | null,
    onFrame: (m: PreviewMeasure, jpeg: Blob) => Promise<void>,
  ): Promise<() => Promise<void>>;
  takePortrait(id: string): Promise<Capture>;
  judgePortrait(id: string, line: string, ticked: boolean): Promise<Capture>;
  choosePortrait(id: string, captureId: string, reason: string | null): Promise<Capture>;
  approvePortrait(id: string, by: ApprovedBy): Promise<Capture>;
  refusePortrait(id: string): Promise<Capture>;
  captureSlap(id: string, slap: SlapName): Promise<SlapResult>;
  acceptSlap(id: string, slap: SlapName, note: string): Promise<Capture>;
  answerLens(id: string, worn: boolean): Promise<Capture>;
  captureIrises(id: string, eyes: EyeName[]): Promise<Capture>;
  acceptEye(id: string, eye: EyeName, note: string): Promise<Capture>;
  rematch(id: string, finger: FingerName): Promise<Capture>;
  rematchNote(
    id: string,
    finger: FingerName,
    note: string,
    witnessId: string,
    witnessPassword: string,
  ): Promise<Capture>;
  changeChipFinger(id: string, chip: number, finger: FingerName): Promise<Capture>;
  cancelDevice(role: DeviceRole): Promise<void>;
  putException(
    id: string,
    part: BodyPart,
    reason: string,
    permanence: Permanence,
    returnOn: string | null,
    words: string,
  ): Promise<Capture>;
  exceptionPhoto(id: string, exceptionId: string): Promise<Capture>;
  witnessException(id: string, exceptionId: string, witnessId: string, password: string): Promise<Capture>;
  removeException(id: string, exceptionId: string): Promise<Capture>;
  saveSignature(
    id: string,
    purpose: SignaturePurpose,
    source: SignatureSource,
    points: StrokePoint[],
  ): Promise<Capture>;
  padSignature(id: string, purpose: SignaturePurpose): Promise<Capture>;
  /** Answers every open notice of a kind with the operator's note. */
  answerNotice(id: string, kind: NoticeKind, note: string): Promise<Capture>;
  /** Looks for these fingers among everybody recorded here; stopped, it stays due. */
  findDuplicates(id: string): Promise<Capture>;
  stopDuplicates(): Promise<void>;
  finishCapture(id: string): Promise<Permohonan>;
  /** Bytes of a stored picture (JPEG or PNG) as an object URL; revoke it after use. */
  image(captureId: string): Promise<string>;

  attestation(id: string): Promise<Attestation>;
  answerData(id: string, answer: Answer, note: string, by: AnswerBy): Promise<Attestation>;
  renderForm(id: string): Promise<Attestation>;
  documentPage(documentId: string, page: number, dpi: number): Promise<string>;
  printDocument(documentId: string): Promise<PrintJob>;
  /** Signs by the witnessed substitute of the signature: thumbprint, line or empty. */
  signBySubstitute(id: string): Promise<Attestation>;
  seal(id: string): Promise<Attestation>;

  applicantScreen(): Promise<ApplicantScreen>;
  openApplicantScreen(): Promise<void>;

  devices(): Promise<Devices>;
  rescanDevices(): Promise<Devices>;
  testDevice(role: DeviceRole): Promise<DeviceTest>;
  bindDevice(role: DeviceRole, identity: string): Promise<Devices>;
  supportBundle(save: boolean): Promise<SupportBundle>;

  register(filter: RegisterFilter): Promise<RegisterPage>;
  registerVerify(): Promise<RegisterPage['verified']>;
  registerPrintDay(day: string): Promise<DocumentRef>;

  syncStatus(): Promise<SyncStatus>;
  /** One exchange with the centre, now; a line that fails is told in the report. */
  syncNow(): Promise<SyncReport>;
  syncCancel(packetId: string): Promise<SyncStatus>;
  syncRetry(packetId: string): Promise<SyncStatus>;
  syncMetered(on: boolean): Promise<SyncStatus>;
  /** What stands between here and the centre (key of `sync.cause`), or nothing. */
  syncTest(): Promise<string | null>;
  activate(centre: string, code: string): Promise<SyncStatus>;
  courierMedia(): Promise<string[]>;
  courierExport(folder: string): Promise<CourierReport>;
  courierReplies(folder: string): Promise<CourierReport>;

  listen(handler: (e: BackendEvent) => void): Promise<() => void>;
}
