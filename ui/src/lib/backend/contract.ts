// The words that pass between the window and the shell. The types are made from Rust (src-tauri/crates/station/src/view);
// only the door itself is written here. Times are ISO-8601 UTC text; durations are whole seconds; images travel as bytes
// and are named by an id.
import type {
  Answer,
  AnswerBy,
  ApplicantScreen,
  ApplicationForm,
  ApprovedBy,
  Attestation,
  Blangko,
  BodyPart,
  Capture,
  CardOut,
  CardPrint,
  ChipPlace,
  ChoiceReason,
  CodeRow,
  Collector,
  CountReport,
  CourierReport,
  CutPlace,
  DestructionWitness,
  DeviceRole,
  DeviceTest,
  Devices,
  DiffSource,
  DocumentRef,
  Draft,
  DraftFor,
  EyeName,
  FieldSaved,
  FingerName,
  FingerTaken,
  Form,
  Handover,
  HandoverLine,
  KindOption,
  Modality,
  NewRecovery,
  NoticeKind,
  OfficialLetter,
  PageCheck,
  PaperPrints,
  Permanence,
  Permohonan,
  PreviewMeasure,
  PrintJob,
  PrintQueue,
  PrintRequest,
  PrintResult,
  Priority,
  Queue,
  QueueTab,
  ReceiptSubstitute,
  Reconciliation,
  RecordedAnswer,
  RegisterFilter,
  RegisterPage,
  RegisterPrint,
  RegisterRow,
  Renewal,
  Report,
  ReportPeriod,
  Requirements,
  ResidentRow,
  ResidentsFiles,
  ResidentsTaken,
  Role,
  SavedFile,
  SearchResult,
  Settings,
  Setup,
  SignaturePurpose,
  SignatureSource,
  SlapName,
  SlapResult,
  Staff,
  StartFailure,
  StationKind,
  StationState,
  Status,
  Step,
  StockItem,
  Strip,
  StrokePoint,
  SupportBundle,
  SyncReport,
  SyncStatus,
  TableFormat,
  Turn,
  UnclaimedRow,
  Verification,
  WilayahRow,
  Wording,
} from '$lib/generated/types';

export type * from '$lib/generated/types';

export type BackendEvent =
  | { event: 'strip_changed' }
  | { event: 'queue_changed' }
  | { event: 'devices_changed' }
  | { event: 'permohonan_changed'; id: string }
  | { event: 'applicant_changed' }
  | { event: 'station_changed' }
  | { event: 'pad_stroke'; points: StrokePoint[] }
  /** What keeps the paper that is being printed from coming out; null once it goes on. */
  | { event: 'paper_held_up'; reason: string | null }
  | { event: 'residents_read'; percent: number }
  | { event: 'register_checked'; percent: number }
  /** Pages of the register are being set: from which day on, of how many with lines. */
  | { event: 'register_set'; day: number; days: number };

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
  staff(): Promise<Staff>;
  addOfficer(name: string, roles: Role[], newPassword: string, ownPassword: string): Promise<Staff>;
  changeRoles(operatorId: string, roles: Role[], ownPassword: string): Promise<Staff>;
  suspendOfficer(operatorId: string, ownPassword: string): Promise<Staff>;
  reinstateOfficer(operatorId: string, newPassword: string, ownPassword: string): Promise<Staff>;
  changeOwnPassword(oldPassword: string, newPassword: string): Promise<Staff>;
  enrolFinger(operatorId: string, ownPassword: string): Promise<FingerTaken>;
  enrolFingerAgain(operatorId: string): Promise<Staff>;
  renewRecovery(holder: string, place: string, ownPassword: string): Promise<NewRecovery>;
  addDistrictSlot(certificateFile: string, holder: string, place: string, ownPassword: string): Promise<Staff>;
  recoverWithCode(code: string, operatorId: string, newPassword: string): Promise<StationState>;
  recoverWithDistrict(
    keyFile: string,
    certificateFile: string,
    operatorId: string,
    newPassword: string,
  ): Promise<StationState>;
  strip(): Promise<Strip>;
  saveSettings(settings: Settings): Promise<StationState>;
  /** The wording of official letters: what is open in it, and whether the office confirmed it. */
  wording(): Promise<Wording>;
  /** First page of an official letter with sample values, marked DRAF, as an object URL. */
  wordingPage(letter: OfficialLetter, dpi: number): Promise<string>;
  /** Confirms the wording that was looked at, by its hash. */
  confirmWording(hash: string): Promise<Wording>;

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
  /** Somebody has seen to a person who was to come again; `note` says how it ended. */
  settleReturn(id: string, note: string): Promise<void>;
  /** The application for a change of data that takes up what was noted at the hand-over of this visit; opened once. */
  openCorrection(id: string): Promise<Permohonan>;
  /** A noted correction ended without an application of this station; `note` says how. */
  settleCorrection(id: string, note: string): Promise<void>;
  /** By name, NIK, ticket, number of a paper, or the code of one as a scanner types it or the camera reads it. */
  search(text: string): Promise<SearchResult>;
  /** The code of a paper that is held before the camera; called off by `cancelDevice('camera')`. */
  scanCode(): Promise<string>;
  /** The queue number of a visit, out of the roll; marked when it came out before, and then `reason` says why again. */
  printTicket(id: string, reason?: string): Promise<PrintJob>;
  /** As `paperPrints`, of the queue number of a visit. */
  ticketPrints(id: string): Promise<PaperPrints>;
  kinds(): Promise<KindOption[]>;
  open(kind: string): Promise<Permohonan>;
  /** Opens an application for a new photo, a new signature or both: only that is taken. */
  openRenewal(what: Renewal): Promise<Permohonan>;
  permohonan(id: string): Promise<Permohonan>;
  take(id: string): Promise<Permohonan>;
  cancel(id: string, reason: string): Promise<Permohonan>;
  resume(id: string): Promise<Permohonan>;
  pause(id: string): Promise<Permohonan>;
  /** Back to an earlier step; what was captured is kept, confirmations of later steps are asked again. */
  goBack(id: string, to: Step): Promise<Permohonan>;
  /** Words that were typed for something and not confirmed yet; `about` says of which warning, element, part or finger. */
  draft(id: string, what: DraftFor, about: string): Promise<Draft | null>;
  /** Kept as they are typed, and gone with the deed that says them, with the step and with the visit. */
  saveDraft(id: string, what: DraftFor, about: string, text: string): Promise<Draft | null>;

  form(id: string): Promise<Form>;
  saveField(id: string, unsur: string, value: string): Promise<FieldSaved>;
  prefill(id: string, nik: string): Promise<Form>;
  /** While a name is typed; once `settled`, typing mistakes are forgiven. */
  residentSuggest(text: string, settled: boolean): Promise<ResidentRow[]>;
  residentFamily(kk: string): Promise<ResidentRow[]>;
  codes(table: string): Promise<CodeRow[]>;
  wilayahSearch(text: string): Promise<WilayahRow[]>;
  submitForm(id: string): Promise<Permohonan>;
  /** F-1.02 with the values of the application, kept with it; the same paper while nothing has changed. */
  applicationForm(id: string): Promise<ApplicationForm>;

  requirements(id: string): Promise<Requirements>;
  setRequirement(id: string, item: string, seen: boolean): Promise<Requirements>;
  /** What is written beside a paper, and nothing else: whether it was received stays as it is. */
  noteRequirement(id: string, item: string, note: string): Promise<Requirements>;
  /** The applicant moves in from abroad, or does not: other papers are asked for. */
  setFromAbroad(id: string, yes: boolean): Promise<Requirements>;
  photographRequirement(id: string, item: string): Promise<Requirements>;
  acceptRequirements(id: string): Promise<Permohonan>;
  returnToApplicant(id: string, reasons: string[], note: string): Promise<Permohonan>;

  verification(id: string): Promise<Verification>;
  /** Asks the centre about the NIK; out of reach is no error: the answer says so. */
  askCentre(id: string): Promise<Verification>;
  chooseSource(id: string, unsur: string, source: DiffSource, note: string): Promise<Verification>;
  confirmWarning(id: string, rule: string, reason: string): Promise<Verification>;
  /** Where "never" meets a known recording, `reason` says why it is none of this person. */
  answerRecorded(id: string, answer: RecordedAnswer, reason: string): Promise<Verification>;
  readCard(id: string): Promise<Verification>;
  operatorFinger(id: string): Promise<Verification>;
  operatorFingerWitness(id: string, note: string, witnessId: string, witnessPassword: string): Promise<Verification>;
  /** One finger of the applicant against the record, where the kind asks for it. */
  identityFinger(id: string, finger: FingerName): Promise<Verification>;
  identityWitness(id: string, note: string, witnessId: string, witnessPassword: string): Promise<Verification>;
  markReadAloud(id: string): Promise<void>;
  finishVerification(id: string): Promise<Permohonan>;

  capture(id: string): Promise<Capture>;
  gotoModality(id: string, modality: Modality): Promise<Capture>;
  /**
   * Starts a live preview, of fingers that of the named slap; frames reach `onFrame` newest first, at most two
   * unacknowledged. Returns the stopper.
   */
  preview(
    role: 'camera' | 'fingerprint_scanner' | 'iris_scanner',
    id: string | null,
    slap: SlapName | null,
    onFrame: (m: PreviewMeasure, jpeg: Blob) => Promise<void>,
  ): Promise<() => Promise<void>>;
  takePortrait(id: string): Promise<Capture>;
  /** Of the photo that was looked at; refused where another one counts by now. */
  judgePortrait(id: string, captureId: string, line: string, ticked: boolean): Promise<Capture>;
  /** A line cannot hold of whoever the photo shows: it is answered with a reason, before a second officer. */
  excusePortrait(id: string, line: string, note: string, witnessId: string, witnessPassword: string): Promise<Capture>;
  choosePortrait(id: string, captureId: string, reason: ChoiceReason | null): Promise<Capture>;
  approvePortrait(id: string, captureId: string, by: ApprovedBy): Promise<Capture>;
  refusePortrait(id: string, captureId: string): Promise<Capture>;
  /** The photo that counts is below the limit, and goes on with a note. */
  acceptPortrait(id: string, note: string): Promise<Capture>;
  /** The photo is cut by hand out of a still without a face, before a second officer. */
  cutPortrait(
    id: string,
    stillId: string,
    place: CutPlace,
    note: string,
    witnessId: string,
    witnessPassword: string,
  ): Promise<Capture>;
  captureSlap(id: string, slap: SlapName): Promise<SlapResult>;
  acceptSlap(id: string, slap: SlapName, note: string): Promise<Capture>;
  /** The applicant at the desk is still the one on the screen. */
  seeApplicant(id: string): Promise<Capture>;
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
  /** The applicant has signed: whatever waits for the pad takes what was written. */
  finishPad(): Promise<void>;
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
  /** `reason` says why a paper is printed once more: a code, or `code: words`. */
  printDocument(documentId: string, reason?: string): Promise<PrintJob>;
  /** What is known of the prints of a kept paper, on sheets and the roll: asked before each print. */
  paperPrints(documentId: string): Promise<PaperPrints>;
  /** Whether a print whose end nobody told came out, as an officer saw: yes counts it, no makes the next sheet what it would have been. */
  answerPrint(attempt: string, cameOut: boolean): Promise<PaperPrints>;
  /** Signs by the witnessed substitute of the signature: thumbprint, line or empty. */
  signBySubstitute(id: string): Promise<Attestation>;
  seal(id: string): Promise<Attestation>;

  applicantScreen(): Promise<ApplicantScreen>;
  /** Nobody is at the desk: the applicant's screen shows nothing of anybody. */
  clearApplicant(): Promise<void>;
  openApplicantScreen(): Promise<void>;

  devices(): Promise<Devices>;
  rescanDevices(): Promise<Devices>;
  testDevice(role: DeviceRole): Promise<DeviceTest>;
  bindDevice(role: DeviceRole, identity: string): Promise<Devices>;
  /** Brings out a card that was left inside the card printer. */
  clearCardPrinter(to: CardOut): Promise<Devices>;
  /** The card printer forgets a fault whose cause was put right; what it says then stands in its row. */
  forgetPrinterFault(): Promise<Devices>;
  /** What a card in the reject box of the printer is: its number, or words for one without. */
  nameRejectedCard(serial: string, note: string): Promise<Devices>;
  supportBundle(save: boolean): Promise<SupportBundle>;
  /** Only in the window of a program that could not begin: why. */
  startFailure(): Promise<StartFailure>;
  /** Saves what helps somebody far away; answers the folder. */
  saveStartBundle(): Promise<string>;
  endProgram(): Promise<void>;

  printRequest(id: string): Promise<PrintRequest>;
  /** Adds a page to a paper of the Berkas Permohonan, by the desk's camera. */
  photographBerkas(id: string, item: string): Promise<PrintRequest>;
  /** `urgent` needs a reason. */
  setPriority(id: string, priority: Priority, reason: string): Promise<PrintRequest>;
  /** Where a card stands in the print queue, also after its request. */
  turn(id: string): Promise<Turn>;
  /** As `setPriority`, until the card is begun; also for the printing desk and the supervisor. */
  setTurn(id: string, priority: Priority, reason: string): Promise<Turn>;
  /** Renders the cover of the Berkas Permohonan and keeps it. */
  renderCover(id: string): Promise<PrintRequest>;
  submitPrintRequest(id: string): Promise<Permohonan>;

  statusCheck(id: string): Promise<Status>;
  /** Asks the centre now; out of reach is no error: the answer says so. */
  refreshStatus(id: string): Promise<Status>;
  givePickupSlip(id: string): Promise<Status>;
  issueSuket(id: string, reason: string): Promise<Status>;
  tellApplicant(id: string, reason: string): Promise<Status>;
  /** The 80 mm slip of a kept paper, on the slip printer; `reason` as for `printDocument`. */
  printSlip(documentId: string, reason?: string): Promise<PrintJob>;

  printQueue(): Promise<PrintQueue>;
  cardPrint(id: string): Promise<CardPrint>;
  /** The card face as it will be printed, PNG at 300 dpi, as an object URL. */
  cardFace(id: string): Promise<string>;
  /** Takes the blangko from the ledger and sends the card to the printer. `jobId` makes a second click the same job. */
  startPrint(id: string, serial: string, jobId: string): Promise<CardPrint>;
  cancelPrint(id: string): Promise<CardPrint>;
  /** A card that may still be inside the printer comes out: at the exit, or into the reject box. */
  bringCardOut(id: string, to: CardOut): Promise<CardPrint>;
  /** What a person saw; `printed` is said with the number on the card, `spoiled` and `not_printed` with a reason,
   * `spoiled` also before a second officer. */
  printResult(
    id: string,
    result: PrintResult,
    said: string,
    witnessId: string | null,
    witnessPassword: string | null,
  ): Promise<CardPrint>;
  /** The card came out good and carries another number than was booked: it is booked on its own. */
  takeOtherBlangko(id: string, serial: string): Promise<CardPrint>;
  /** The same before anybody says what became of the card: one that is void carries a number too. */
  setCardNumber(id: string, serial: string): Promise<CardPrint>;
  /** The card carries the number of the card of `other`: both orders change numbers, and their questions stay open. */
  exchangeBlangko(id: string, serial: string, other: string): Promise<CardPrint>;
  photographSpoiled(id: string, serial: string): Promise<CardPrint>;
  /** Why a spoiled card has no photograph, where no camera works. */
  leaveSpoiledPhoto(id: string, serial: string, note: string): Promise<CardPrint>;
  /** Makes the chip of the spoiled card unusable: on the reader, or inside the printer, which takes the card in for it. */
  endSpoiledChip(id: string, serial: string, at: ChipPlace): Promise<CardPrint>;
  /** Writes and reads back the chip of the card on the reader; resumes a torn one. */
  writeChip(id: string): Promise<CardPrint>;
  leaveChipOut(id: string, note: string): Promise<CardPrint>;
  /** Quality accepted: the card goes to its place on the shelf and the visit to step 9. */
  acceptCard(id: string, shelf: string): Promise<Permohonan>;
  printCalibration(): Promise<PrintJob>;
  setPrinterOffset(xMm: number, yMm: number): Promise<PrintQueue>;

  handover(id: string): Promise<Handover>;
  handoverFinger(id: string, finger: FingerName): Promise<Handover>;
  /** Another officer answers for the person: after a try of the finger, where none can be made, or where none can be laid down. */
  handoverWitness(
    id: string,
    note: string,
    cannotLay: boolean,
    witnessId: string,
    witnessPassword: string,
  ): Promise<Handover>;
  readHandoverCard(id: string): Promise<Handover>;
  /** An officer compared the photographs by eye, where bytes cannot. */
  compareHandoverPhoto(id: string, same: boolean): Promise<Handover>;
  judgeHandover(id: string, line: HandoverLine, ticked: boolean): Promise<Handover>;
  withdrawOldCard(id: string, condition: string, place: string): Promise<Handover>;
  oldCardAbsent(id: string, note: string): Promise<Handover>;
  setCollector(id: string, collector: Collector): Promise<Handover>;
  saveReceipt(id: string, source: SignatureSource, points: StrokePoint[]): Promise<Handover>;
  padReceipt(id: string): Promise<Handover>;
  /** A thumb or nothing in place of the signature; another officer has seen it. */
  receiptBySubstitute(
    id: string,
    substitute: ReceiptSubstitute,
    witnessId: string,
    witnessPassword: string,
  ): Promise<Handover>;
  setShelf(id: string, place: string): Promise<Handover>;
  /** The applicant found a mistake on the card: it is withheld, spoiled and accounted for; the visit goes back. */
  disputeCard(id: string, note: string, witnessId: string, witnessPassword: string): Promise<Permohonan>;
  /** Whoever came does not get the card now: it stays good, on the shelf. */
  holdCard(id: string, reason: string, place: string): Promise<Permohonan>;
  loseCard(id: string, note: string, witnessId: string, witnessPassword: string): Promise<Permohonan>;
  /** The card says what the signed form says: it may be given, and what is to be corrected is kept. */
  cardAgrees(id: string, note: string): Promise<Handover>;
  /** Photo and name, as shown, were held against the person who takes the card; counts for two minutes. */
  confirmHandover(id: string, name: string, photoId: string | null): Promise<Handover>;
  closeHandover(id: string): Promise<Permohonan>;
  unclaimed(): Promise<UnclaimedRow[]>;

  blangko(): Promise<Blangko>;
  /** `from` is the first serial of blangko, empty for ribbon and film. */
  receiveStock(item: StockItem, quantity: number, from: string, document: string): Promise<Blangko>;
  returnStock(item: StockItem, quantity: number, from: string, document: string, reason: string): Promise<Blangko>;
  /** A blangko that is bad before it was printed. */
  spoilStock(serial: string, reason: string, witnessId: string, witnessPassword: string): Promise<Blangko>;
  spoilSupply(
    item: StockItem,
    quantity: number,
    reason: string,
    witnessId: string,
    witnessPassword: string,
  ): Promise<Blangko>;
  /** A paper announces stock; nothing has arrived yet. */
  allotStock(item: StockItem, quantity: number, from: string, document: string): Promise<Blangko>;
  photographStock(serial: string): Promise<Blangko>;
  leaveStockPhoto(serial: string, note: string): Promise<Blangko>;
  endStockChip(serial: string, at: ChipPlace): Promise<Blangko>;
  /** A held blangko that somebody has looked at goes back to the stock. */
  releaseStock(serial: string, note: string): Promise<Blangko>;
  /** Serials (or ranges `a-b`) for blangko, one number for ribbon and film. Differences wait for an explanation. */
  countStock(item: StockItem, counted: string[]): Promise<CountReport>;
  explainCount(item: StockItem, explanation: string): Promise<Blangko>;
  makeBeritaAcara(ids: string[], method: string, witnesses: DestructionWitness[]): Promise<Blangko>;
  photographDestruction(number: string): Promise<Blangko>;
  leaveDestructionPhoto(number: string, note: string): Promise<Blangko>;
  signDestruction(number: string): Promise<Blangko>;
  stockReport(day: string): Promise<DocumentRef>;

  report(period: ReportPeriod, day: string): Promise<Report>;
  reportPrint(period: ReportPeriod, day: string): Promise<DocumentRef>;
  reportTable(period: ReportPeriod, day: string, format: TableFormat, folder: string): Promise<SavedFile>;
  /** Saves all cards on the shelf as a table; it names people. */
  unclaimedTable(format: TableFormat, folder: string): Promise<SavedFile>;
  /** Folders that a table may be saved to: documents of this account, removable media. */
  saveFolders(): Promise<string[]>;
  /** Writes the page that checks a paper's code, with this station's certificate, into one of `saveFolders`. */
  saveQrPage(folder: string): Promise<SavedFile>;

  register(filter: RegisterFilter): Promise<RegisterPage>;
  /** Lines from any place of what `register` counted: `lines` of them, `skip` behind the mark `filter.before`. */
  registerLines(filter: RegisterFilter, skip: number, lines: number): Promise<RegisterRow[]>;
  registerCorrect(number: number, text: string): Promise<RegisterPage>;
  /** A PDF tells how far it is set by `register_set`, and is stopped by `registerVerifyStop`. */
  registerExport(filter: RegisterFilter, format: TableFormat, folder: string): Promise<SavedFile>;
  /**
   * Sets a period in parts, after the chain was checked as by `registerVerify`; tells the day by `register_set`. Stopped between
   * two parts by `registerVerifyStop`, it gives what was set and says from which day to go on.
   */
  registerPrintPeriod(filter: RegisterFilter): Promise<RegisterPrint>;
  /** A printed paper by its kind, blank where there is no application: `f102_blank`, `data_protection`. */
  blankPaper(kind: string): Promise<DocumentRef>;
  /** Tells how far it has come by `register_checked`; null when it was stopped. */
  registerVerify(): Promise<RegisterPage['verified']>;
  registerVerifyStop(): Promise<void>;
  /**
   * Holds a printed page against the book: by the code that a scanner typed, or by the camera when it is null, called off by
   * `cancelDevice('camera')`. The chain is then checked as by `registerVerify`, and stopped the same way.
   */
  registerCheckPage(code: string | null): Promise<PageCheck>;
  registerPrintDay(day: string): Promise<RegisterPrint>;

  syncStatus(): Promise<SyncStatus>;
  /** One exchange with the centre, now; a line that fails is told in the report. */
  syncNow(): Promise<SyncReport>;
  syncCancel(packetId: string): Promise<SyncStatus>;
  syncRetry(packetId: string): Promise<SyncStatus>;
  syncMetered(on: boolean): Promise<SyncStatus>;
  /** Ends the exchange that runs; what has arrived stays there. */
  syncHalt(): Promise<SyncStatus>;
  /** Recorded here against acknowledged by the centre. */
  syncReconciliation(): Promise<Reconciliation>;
  /** A supervisor has seen to a finding of the comparison. */
  syncFindingSeen(kind: string, subject: string, note: string): Promise<SyncStatus>;
  /** What stands between here and the centre (key of `sync.cause`), or nothing. */
  syncTest(): Promise<string | null>;
  activate(centre: string, code: string): Promise<SyncStatus>;
  courierMedia(): Promise<string[]>;
  courierExport(folder: string): Promise<CourierReport>;
  courierReplies(folder: string): Promise<CourierReport>;
  /** Signed extracts of residents on the media that are plugged in. */
  residentsFiles(): Promise<ResidentsFiles>;
  /** Takes an extract with the signature beside it; tells how far it has read by `residents_read`. */
  takeResidents(file: string): Promise<ResidentsTaken>;

  listen(handler: (e: BackendEvent) => void): Promise<() => void>;
}
