// Reaches the shell. Commands are the contract's names in snake_case; arguments are an object of the contract's parameters.
import { Channel, invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { AppError, Backend, BackendEvent, PreviewMeasure } from './contract';

function isAppError(e: unknown): e is AppError {
  return typeof e === 'object' && e !== null && 'key' in e && 'tone' in e;
}

async function call<T>(command: string, args?: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (e) {
    if (isAppError(e)) throw e;
    throw { code: 'shell', key: 'shell', tone: 'bad', args: { command } } satisfies AppError;
  }
}

/** The kind of a picture by its first bytes; the shell sends JPEG or PNG. */
function pictureType(bytes: Uint8Array): string {
  return bytes[0] === 0x89 ? 'image/png' : 'image/jpeg';
}

async function picture(command: string, args: Record<string, unknown>): Promise<string> {
  const buffer = await call<ArrayBuffer>(command, args);
  const bytes = new Uint8Array(buffer);
  return URL.createObjectURL(new Blob([bytes], { type: pictureType(bytes) }));
}

/** Splits one preview message: [u32 BE length of JSON][JSON][JPEG]. */
export function readFrame(buffer: ArrayBuffer): { measure: PreviewMeasure; jpeg: Blob } {
  const length = new DataView(buffer).getUint32(0);
  const measure = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length))) as PreviewMeasure;
  return { measure, jpeg: new Blob([new Uint8Array(buffer, 4 + length)], { type: 'image/jpeg' }) };
}

export const shellBackend: Backend = {
  stationState: () => call('station_state'),
  signIn: (operatorId, password) => call('sign_in', { operatorId, password }),
  lock: () => call('lock'),
  touch: () => call('touch'),
  resetPasswordWithSupervisor: (operatorId, supervisorId, supervisorPassword, newPassword) =>
    call('reset_password_with_supervisor', { operatorId, supervisorId, supervisorPassword, newPassword }),
  staff: () => call('staff'),
  addOfficer: (name, roles, newPassword, ownPassword) => call('add_officer', { name, roles, newPassword, ownPassword }),
  changeRoles: (operatorId, roles, ownPassword) => call('change_roles', { operatorId, roles, ownPassword }),
  suspendOfficer: (operatorId, ownPassword) => call('suspend_officer', { operatorId, ownPassword }),
  reinstateOfficer: (operatorId, newPassword, ownPassword) =>
    call('reinstate_officer', { operatorId, newPassword, ownPassword }),
  changeOwnPassword: (oldPassword, newPassword) => call('change_own_password', { oldPassword, newPassword }),
  enrolFinger: (operatorId, ownPassword) => call('enrol_finger', { operatorId, ownPassword }),
  enrolFingerAgain: (operatorId) => call('enrol_finger_again', { operatorId }),
  renewRecovery: (holder, place, ownPassword) => call('renew_recovery', { holder, place, ownPassword }),
  addDistrictSlot: (certificateFile, holder, place, ownPassword) =>
    call('add_district_slot', { certificateFile, holder, place, ownPassword }),
  recoverWithCode: (code, operatorId, newPassword) => call('recover_with_code', { code, operatorId, newPassword }),
  recoverWithDistrict: (keyFile, certificateFile, operatorId, newPassword) =>
    call('recover_with_district', { keyFile, certificateFile, operatorId, newPassword }),
  strip: () => call('strip'),
  saveSettings: (settings) => call('save_settings', { settings }),
  wording: () => call('wording'),
  wordingPage: (letter, dpi) => picture('wording_page', { letter, dpi }),
  confirmWording: (hash) => call('confirm_wording', { hash }),
  setup: () => call('setup'),
  setupActivate: (centre, station, code) => call('setup_activate', { centre, station, code }),
  setupStation: (name, place, role) => call('setup_station', { name, place, role }),
  setupWilayah: (kabupaten, villageWord) => call('setup_wilayah', { kabupaten, villageWord }),
  setupRecovery: () => call('setup_recovery'),
  setupProveRecovery: (answers, holder, place) => call('setup_prove_recovery', { answers, holder, place }),
  setupOperator: (name, roles, password) => call('setup_operator', { name, roles, password }),
  setupTraining: () => call('setup_training'),
  queue: (role) => call('queue', { role }),
  settleReturn: (id, note) => call('settle_return', { id, note }),
  openCorrection: (id) => call('open_correction', { id }),
  settleCorrection: (id, note) => call('settle_correction', { id, note }),
  search: (text) => call('search', { text }),
  scanCode: () => call('scan_code'),
  printTicket: (id, reason) => call('print_ticket', { id, reason: reason ?? null }),
  ticketPrints: (id) => call('ticket_prints', { id }),
  kinds: () => call('kinds'),
  open: (kind) => call('open', { kind }),
  openRenewal: (what) => call('open_renewal', { what }),
  permohonan: (id) => call('permohonan', { id }),
  take: (id) => call('take', { id }),
  cancel: (id, reason) => call('cancel', { id, reason }),
  resume: (id) => call('resume', { id }),
  pause: (id) => call('pause', { id }),
  goBack: (id, to) => call('go_back', { id, to }),
  draft: (id, what, about) => call('draft', { id, what, about }),
  saveDraft: (id, what, about, text) => call('save_draft', { id, what, about, text }),
  form: (id) => call('form', { id }),
  saveField: (id, unsur, value) => call('save_field', { id, unsur, value }),
  prefill: (id, nik) => call('prefill', { id, nik }),
  residentSuggest: (text, settled) => call('resident_suggest', { text, settled }),
  residentFamily: (kk) => call('resident_family', { kk }),
  codes: (table) => call('codes', { table }),
  wilayahSearch: (text) => call('wilayah_search', { text }),
  submitForm: (id) => call('submit_form', { id }),
  applicationForm: (id) => call('application_form', { id }),
  requirements: (id) => call('requirements', { id }),
  setRequirement: (id, item, seen) => call('set_requirement', { id, item, seen }),
  noteRequirement: (id, item, note) => call('note_requirement', { id, item, note }),
  setFromAbroad: (id, yes) => call('set_from_abroad', { id, yes }),
  photographRequirement: (id, item) => call('photograph_requirement', { id, item }),
  acceptRequirements: (id) => call('accept_requirements', { id }),
  returnToApplicant: (id, reasons, note) => call('return_to_applicant', { id, reasons, note }),
  askCentre: (id) => call('ask_centre', { id }),
  verification: (id) => call('verification', { id }),
  chooseSource: (id, unsur, source, note) => call('choose_source', { id, unsur, source, note }),
  confirmWarning: (id, rule, reason) => call('confirm_warning', { id, rule, reason }),
  answerRecorded: (id, answer, reason) => call('answer_recorded', { id, answer, reason }),
  readCard: (id) => call('read_card', { id }),
  operatorFinger: (id) => call('operator_finger', { id }),
  operatorFingerWitness: (id, note, witnessId, witnessPassword) =>
    call('operator_finger_witness', { id, note, witnessId, witnessPassword }),
  identityFinger: (id, finger) => call('identity_finger', { id, finger }),
  identityWitness: (id, note, witnessId, witnessPassword) =>
    call('identity_witness', { id, note, witnessId, witnessPassword }),
  markReadAloud: (id) => call('mark_read_aloud', { id }),
  finishVerification: (id) => call('finish_verification', { id }),
  capture: (id) => call('capture', { id }),
  gotoModality: (id, modality) => call('goto_modality', { id, modality }),
  takePortrait: (id) => call('take_portrait', { id }),
  judgePortrait: (id, captureId, line, ticked) => call('judge_portrait', { id, captureId, line, ticked }),
  excusePortrait: (id, line, note, witnessId, witnessPassword) =>
    call('excuse_portrait', { id, line, note, witnessId, witnessPassword }),
  choosePortrait: (id, captureId, reason) => call('choose_portrait', { id, captureId, reason }),
  approvePortrait: (id, captureId, by) => call('approve_portrait', { id, captureId, by }),
  refusePortrait: (id, captureId) => call('refuse_portrait', { id, captureId }),
  acceptPortrait: (id, note) => call('accept_portrait', { id, note }),
  cutPortrait: (id, stillId, place, note, witnessId, witnessPassword) =>
    call('cut_portrait', { id, stillId, place, note, witnessId, witnessPassword }),
  captureSlap: (id, slap) => call('capture_slap', { id, slap }),
  acceptSlap: (id, slap, note) => call('accept_slap', { id, slap, note }),
  seeApplicant: (id) => call('see_applicant', { id }),
  answerLens: (id, worn) => call('answer_lens', { id, worn }),
  captureIrises: (id, eyes) => call('capture_irises', { id, eyes }),
  acceptEye: (id, eye, note) => call('accept_eye', { id, eye, note }),
  rematch: (id, finger) => call('rematch', { id, finger }),
  rematchNote: (id, finger, note, witnessId, witnessPassword) =>
    call('rematch_note', { id, finger, note, witnessId, witnessPassword }),
  changeChipFinger: (id, chip, finger) => call('change_chip_finger', { id, chip, finger }),
  cancelDevice: (role) => call('cancel_device', { role }),
  putException: (id, part, reason, permanence, returnOn, words) =>
    call('put_exception', { id, part, reason, permanence, returnOn, words }),
  exceptionPhoto: (id, exceptionId) => call('exception_photo', { id, exceptionId }),
  witnessException: (id, exceptionId, witnessId, password) =>
    call('witness_exception', { id, exceptionId, witnessId, password }),
  removeException: (id, exceptionId) => call('remove_exception', { id, exceptionId }),
  saveSignature: (id, purpose, source, points) => call('save_signature', { id, purpose, source, points }),
  padSignature: (id, purpose) => call('pad_signature', { id, purpose }),
  finishPad: () => call('finish_pad'),
  findDuplicates: (id) => call('find_duplicates', { id }),
  stopDuplicates: () => call('stop_duplicates', {}),
  answerNotice: (id, kind, note) => call('answer_notice', { id, kind, note }),
  finishCapture: (id) => call('finish_capture', { id }),
  attestation: (id) => call('attestation', { id }),
  answerData: (id, answer, note, by) => call('answer_data', { id, answer, note, by }),
  renderForm: (id) => call('render_form', { id }),
  printDocument: (documentId, reason) => call('print_document', { documentId, reason: reason ?? null }),
  paperPrints: (documentId) => call('paper_prints', { documentId }),
  answerPrint: (attempt, cameOut) => call('answer_print', { attempt, cameOut }),
  signBySubstitute: (id) => call('sign_by_substitute', { id }),
  seal: (id) => call('seal', { id }),
  applicantScreen: () => call('applicant_screen'),
  clearApplicant: () => call('clear_applicant'),
  openApplicantScreen: () => call('open_applicant_screen'),
  printRequest: (id) => call('print_request', { id }),
  photographBerkas: (id, item) => call('photograph_berkas', { id, item }),
  setPriority: (id, priority, reason) => call('set_priority', { id, priority, reason }),
  turn: (id) => call('turn', { id }),
  setTurn: (id, priority, reason) => call('set_turn', { id, priority, reason }),
  renderCover: (id) => call('render_cover', { id }),
  submitPrintRequest: (id) => call('submit_print_request', { id }),
  statusCheck: (id) => call('status_check', { id }),
  refreshStatus: (id) => call('refresh_status', { id }),
  givePickupSlip: (id) => call('give_pickup_slip', { id }),
  issueSuket: (id, reason) => call('issue_suket', { id, reason }),
  tellApplicant: (id, reason) => call('tell_applicant', { id, reason }),
  printSlip: (documentId, reason) => call('print_slip', { documentId, reason: reason ?? null }),
  printQueue: () => call('print_queue'),
  cardPrint: (id) => call('card_print', { id }),
  startPrint: (id, serial, jobId) => call('start_print', { id, serial, jobId }),
  cancelPrint: (id) => call('cancel_print', { id }),
  bringCardOut: (id, to) => call('bring_card_out', { id, to }),
  printResult: (id, result, said, witnessId, witnessPassword) =>
    call('print_result', { id, result, said, witnessId, witnessPassword }),
  takeOtherBlangko: (id, serial) => call('take_other_blangko', { id, serial }),
  setCardNumber: (id, serial) => call('set_card_number', { id, serial }),
  exchangeBlangko: (id, serial, other) => call('exchange_blangko', { id, serial, other }),
  photographSpoiled: (id, serial) => call('photograph_spoiled', { id, serial }),
  leaveSpoiledPhoto: (id, serial, note) => call('leave_spoiled_photo', { id, serial, note }),
  endSpoiledChip: (id, serial, at) => call('end_spoiled_chip', { id, serial, at }),
  writeChip: (id) => call('write_chip', { id }),
  leaveChipOut: (id, note) => call('leave_chip_out', { id, note }),
  acceptCard: (id, shelf) => call('accept_card', { id, shelf }),
  printCalibration: () => call('print_calibration'),
  setPrinterOffset: (xMm, yMm) => call('set_printer_offset', { xMm, yMm }),
  handover: (id) => call('handover', { id }),
  handoverFinger: (id, finger) => call('handover_finger', { id, finger }),
  handoverWitness: (id, note, cannotLay, witnessId, witnessPassword) =>
    call('handover_witness', { id, note, cannotLay, witnessId, witnessPassword }),
  readHandoverCard: (id) => call('read_handover_card', { id }),
  compareHandoverPhoto: (id, same) => call('compare_handover_photo', { id, same }),
  judgeHandover: (id, line, ticked) => call('judge_handover', { id, line, ticked }),
  withdrawOldCard: (id, condition, place) => call('withdraw_old_card', { id, condition, place }),
  oldCardAbsent: (id, note) => call('old_card_absent', { id, note }),
  setCollector: (id, collector) => call('set_collector', { id, collector }),
  saveReceipt: (id, source, points) => call('save_receipt', { id, source, points }),
  padReceipt: (id) => call('pad_receipt', { id }),
  receiptBySubstitute: (id, substitute, witnessId, witnessPassword) =>
    call('receipt_by_substitute', { id, substitute, witnessId, witnessPassword }),
  setShelf: (id, place) => call('set_shelf', { id, place }),
  disputeCard: (id, note, witnessId, witnessPassword) => call('dispute_card', { id, note, witnessId, witnessPassword }),
  holdCard: (id, reason, place) => call('hold_card', { id, reason, place }),
  loseCard: (id, note, witnessId, witnessPassword) => call('lose_card', { id, note, witnessId, witnessPassword }),
  cardAgrees: (id, note) => call('card_agrees', { id, note }),
  confirmHandover: (id, name, photoId) => call('confirm_handover', { id, name, photoId }),
  closeHandover: (id) => call('close_handover', { id }),
  unclaimed: () => call('unclaimed'),
  blangko: () => call('blangko'),
  receiveStock: (item, quantity, from, document) => call('receive_stock', { item, quantity, from, document }),
  returnStock: (item, quantity, from, document, reason) =>
    call('return_stock', { item, quantity, from, document, reason }),
  spoilSupply: (item, quantity, reason, witnessId, witnessPassword) =>
    call('spoil_supply', { item, quantity, reason, witnessId, witnessPassword }),
  allotStock: (item, quantity, from, document) => call('allot_stock', { item, quantity, from, document }),
  spoilStock: (serial, reason, witnessId, witnessPassword) =>
    call('spoil_stock', { serial, reason, witnessId, witnessPassword }),
  photographStock: (serial) => call('photograph_stock', { serial }),
  leaveStockPhoto: (serial, note) => call('leave_stock_photo', { serial, note }),
  endStockChip: (serial, at) => call('end_stock_chip', { serial, at }),
  releaseStock: (serial, note) => call('release_stock', { serial, note }),
  countStock: (item, counted) => call('count_stock', { item, counted }),
  explainCount: (item, explanation) => call('explain_count', { item, explanation }),
  makeBeritaAcara: (ids, method, witnesses) => call('make_berita_acara', { ids, method, witnesses }),
  photographDestruction: (number) => call('photograph_destruction', { number }),
  leaveDestructionPhoto: (number, note) => call('leave_destruction_photo', { number, note }),
  signDestruction: (number) => call('sign_destruction', { number }),
  stockReport: (day) => call('stock_report', { day }),
  devices: () => call('devices'),
  rescanDevices: () => call('rescan_devices'),
  testDevice: (role) => call('test_device', { role }),
  bindDevice: (role, identity) => call('bind_device', { role, identity }),
  clearCardPrinter: (to) => call('clear_card_printer', { to }),
  forgetPrinterFault: () => call('forget_printer_fault'),
  nameRejectedCard: (serial, note) => call('name_rejected_card', { serial, note }),
  supportBundle: (save) => call('support_bundle', { save }),
  startFailure: () => call('start_failure'),
  saveStartBundle: () => call('save_start_bundle'),
  endProgram: () => call('end_program'),
  report: (period, day) => call('report', { period, day }),
  reportPrint: (period, day) => call('report_print', { period, day }),
  reportTable: (period, day, format, folder) => call('report_table', { period, day, format, folder }),
  unclaimedTable: (format, folder) => call('unclaimed_table', { format, folder }),
  saveFolders: () => call('save_folders'),
  saveQrPage: (folder) => call('save_qr_page', { folder }),
  register: (filter) => call('register', { filter }),
  registerLines: (filter, skip, lines) => call('register_lines', { filter, skip, lines }),
  registerCorrect: (number, text) => call('register_correct', { number, text }),
  registerExport: (filter, format, folder) => call('register_export', { filter, format, folder }),
  registerPrintPeriod: (filter) => call('register_print_period', { filter }),
  blankPaper: (kind) => call('blank_paper', { kind }),
  registerVerify: () => call('register_verify'),
  registerVerifyStop: () => call('register_verify_stop'),
  registerCheckPage: (code) => call('register_check_page', { code }),
  registerPrintDay: (day) => call('register_print_day', { day }),
  syncStatus: () => call('sync_status'),
  syncNow: () => call('sync_now'),
  syncCancel: (packetId) => call('sync_cancel', { packetId }),
  syncRetry: (packetId) => call('sync_retry', { packetId }),
  syncMetered: (on) => call('sync_metered', { on }),
  syncHalt: () => call('sync_halt'),
  syncReconciliation: () => call('sync_reconciliation'),
  syncFindingSeen: (kind, subject, note) => call('sync_finding_seen', { kind, subject, note }),
  syncTest: () => call('sync_test'),
  activate: (centre, code) => call('activate', { centre, code }),
  courierMedia: () => call('courier_media'),
  courierExport: (folder) => call('courier_export', { folder }),
  courierReplies: (folder) => call('courier_replies', { folder }),
  residentsFiles: () => call('residents_files'),
  takeResidents: (file) => call('take_residents', { file }),

  image: (captureId) => picture('image', { captureId }),
  cardFace: (id) => picture('card_face', { id }),
  documentPage: (documentId, page, dpi) => picture('document_page', { documentId, page, dpi }),

  async preview(role, id, slap, onFrame) {
    const channel = new Channel<ArrayBuffer>();
    let stopped = false;
    let waiting: ArrayBuffer | null = null;
    let painting = false;
    // A frame may be there before the number that it is acknowledged under.
    const acknowledge = (seq: number) =>
      void started.then((number) => invoke('preview_ack', { number, seq })).catch(() => undefined);
    // Newest wins: a frame that comes while another is painted replaces the one that waits, and is acknowledged unpainted.
    const paint = async () => {
      if (painting) return;
      painting = true;
      while (waiting && !stopped) {
        const { measure, jpeg } = readFrame(waiting);
        waiting = null;
        try {
          await onFrame(measure, jpeg);
        } finally {
          acknowledge(measure.seq);
        }
      }
      painting = false;
    };
    channel.onmessage = (buffer) => {
      if (stopped) return;
      if (waiting) acknowledge(readFrame(waiting).measure.seq);
      waiting = buffer;
      void paint().catch(() => {
        painting = false;
      });
    };
    const started = call<number>('preview', { role, id, slap, channel });
    const number = await started;
    return async () => {
      if (stopped) return;
      stopped = true;
      await call('preview_stop', { number });
    };
  },

  async listen(handler) {
    return listen<BackendEvent>('rekam', (event) => handler(event.payload));
  },
};
