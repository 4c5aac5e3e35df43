// The second language, read when somebody chooses it; it must hold the keys of the base (tsc checks it).
import en_common from './en/common';
import en_frame from './en/frame';
import en_allowed from './en/allowed';
import en_strip from './en/strip';
import en_step from './en/step';
import en_errors from './en/errors';
import en_errors_card from './en/errors_card';
import en_errors_device from './en/errors_device';
import en_why from './en/why';
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
import en_duplicate from './en/duplicate';
import en_advice from './en/advice';
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
import type { Key } from './index';

export const en: Record<Key, string> = {
  ...en_common,
  ...en_frame,
  ...en_allowed,
  ...en_strip,
  ...en_step,
  ...en_errors,
  ...en_errors_card,
  ...en_errors_device,
  ...en_why,
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
  ...en_duplicate,
  ...en_advice,
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
