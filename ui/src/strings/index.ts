// One file per feature and language; Indonesian is the base and comes with the window.
import id_common from './id/common';
import id_frame from './id/frame';
import id_allowed from './id/allowed';
import id_strip from './id/strip';
import id_step from './id/step';
import id_errors from './id/errors';
import id_errors_card from './id/errors_card';
import id_errors_device from './id/errors_device';
import id_why from './id/why';
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
import id_duplicate from './id/duplicate';
import id_advice from './id/advice';
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

export const id = {
  ...id_common,
  ...id_frame,
  ...id_allowed,
  ...id_strip,
  ...id_step,
  ...id_errors,
  ...id_errors_card,
  ...id_errors_device,
  ...id_why,
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
  ...id_duplicate,
  ...id_advice,
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
