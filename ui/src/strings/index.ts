// One file per feature and language; Indonesian is the base, English must hold the same keys (tsc checks it).
import id_common from './id/common';
import id_frame from './id/frame';
import id_strip from './id/strip';
import id_step from './id/step';
import id_errors from './id/errors';
import id_refusals from './id/refusals';
import id_help from './id/help';
import id_queue from './id/queue';
import id_open from './id/open';
import id_form from './id/form';
import id_requirements from './id/requirements';
import id_verification from './id/verification';
import id_devices from './id/devices';
import id_register from './id/register';
import id_report from './id/report';
import id_settings from './id/settings';
import id_setup from './id/setup';
import id_signin from './id/signin';
import id_capture from './id/capture';
import id_trouble from './id/trouble';
import id_rematch from './id/rematch';
import id_exceptions from './id/exceptions';
import id_attestation from './id/attestation';
import id_words from './id/words';
import id_applicant from './id/applicant';
import id_sync from './id/sync';
import id_print from './id/print';
import id_status from './id/status';
import id_print_request from './id/print_request';
import id_handover from './id/handover';
import id_blangko from './id/blangko';
import id_staff from './id/staff';
import id_wording from './id/wording';
import en_common from './en/common';
import en_frame from './en/frame';
import en_strip from './en/strip';
import en_step from './en/step';
import en_errors from './en/errors';
import en_refusals from './en/refusals';
import en_help from './en/help';
import en_queue from './en/queue';
import en_open from './en/open';
import en_form from './en/form';
import en_requirements from './en/requirements';
import en_verification from './en/verification';
import en_devices from './en/devices';
import en_register from './en/register';
import en_report from './en/report';
import en_settings from './en/settings';
import en_setup from './en/setup';
import en_signin from './en/signin';
import en_capture from './en/capture';
import en_trouble from './en/trouble';
import en_rematch from './en/rematch';
import en_exceptions from './en/exceptions';
import en_attestation from './en/attestation';
import en_words from './en/words';
import en_applicant from './en/applicant';
import en_sync from './en/sync';
import en_print from './en/print';
import en_status from './en/status';
import en_print_request from './en/print_request';
import en_handover from './en/handover';
import en_blangko from './en/blangko';
import en_staff from './en/staff';
import en_wording from './en/wording';

export const id = {
  ...id_common,
  ...id_frame,
  ...id_strip,
  ...id_step,
  ...id_errors,
  ...id_refusals,
  ...id_help,
  ...id_queue,
  ...id_open,
  ...id_form,
  ...id_requirements,
  ...id_verification,
  ...id_devices,
  ...id_register,
  ...id_report,
  ...id_settings,
  ...id_setup,
  ...id_signin,
  ...id_capture,
  ...id_trouble,
  ...id_rematch,
  ...id_exceptions,
  ...id_attestation,
  ...id_applicant,
  ...id_words,
  ...id_sync,
  ...id_print,
  ...id_status,
  ...id_print_request,
  ...id_handover,
  ...id_blangko,
  ...id_staff,
  ...id_wording,
} as const;

export type Key = keyof typeof id;

export const en: Record<Key, string> = {
  ...en_common,
  ...en_frame,
  ...en_strip,
  ...en_step,
  ...en_errors,
  ...en_refusals,
  ...en_help,
  ...en_queue,
  ...en_open,
  ...en_form,
  ...en_requirements,
  ...en_verification,
  ...en_devices,
  ...en_register,
  ...en_report,
  ...en_settings,
  ...en_setup,
  ...en_signin,
  ...en_capture,
  ...en_trouble,
  ...en_rematch,
  ...en_exceptions,
  ...en_attestation,
  ...en_applicant,
  ...en_words,
  ...en_sync,
  ...en_print,
  ...en_status,
  ...en_print_request,
  ...en_handover,
  ...en_blangko,
  ...en_staff,
  ...en_wording,
};
