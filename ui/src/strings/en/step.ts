import type id from '../id/step';

export default {
  'step.attestation': 'Signature',
  'step.attestation.who': 'Applicant',
  'step.capture': 'Photo, biometrics',
  'step.capture.who': 'Operator',
  'step.form': 'Fill in form',
  'step.form.who': 'Applicant',
  'step.handover': 'Hand-over',
  'step.handover.who': 'Applicant',
  'step.print': 'Print card',
  'step.print.who': 'Print desk',
  'step.print_request': 'Request print',
  'step.print_request.who': 'Operator',
  'step.requirements': 'Check papers',
  'step.requirements.who': 'Register officer',
  'step.status': 'Check status',
  'step.status.who': 'Service',
  'step.verification': 'Verify data',
  'step.verification.who': 'Operator',
} satisfies Record<keyof typeof id, string>;
