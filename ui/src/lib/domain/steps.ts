import type { Role, Step } from '$lib/backend/contract';

/** The nine steps of the SOP in order, with their standard in minutes. */
export const STEPS: { step: Step; minutes: number }[] = [
  { step: 'form', minutes: 5 },
  { step: 'requirements', minutes: 5 },
  { step: 'verification', minutes: 5 },
  { step: 'capture', minutes: 10 },
  { step: 'attestation', minutes: 5 },
  { step: 'print_request', minutes: 5 },
  { step: 'status', minutes: 5 },
  { step: 'print', minutes: 5 },
  { step: 'handover', minutes: 3 },
];

/** At whose desk a step is done, where its own word names the applicant. */
const DESK: Record<Step, Role> = {
  form: 'register_officer',
  requirements: 'register_officer',
  verification: 'operator',
  capture: 'operator',
  attestation: 'operator',
  print_request: 'operator',
  status: 'customer_service',
  print: 'printing',
  handover: 'customer_service',
};
/** Who may open an application (`Action::StartPermohonan`). */
export const OPENERS: Role[] = ['register_officer', 'operator', 'customer_service'];
export const deskOf = (step: Step): Role => DESK[step];

export const numberOf = (step: Step): number => STEPS.findIndex((s) => s.step === step) + 1;
